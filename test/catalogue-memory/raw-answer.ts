import { request } from "node:http";

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  /** Names and values in turn, with those that differ each time made equal. */
  readonly headers: readonly string[];
  readonly body: string;
}

const OF_ONE_ANSWER = /^(date|x-request-id|ratelimit)$/i;

/** Sends a request without a body. */
export function rawAnswer(
  url: string,
  method = "GET",
  headers: Readonly<Record<string, string>> = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => {
        resolve({
          status: answer.statusCode ?? 0,
          headers: withoutChanging(answer.rawHeaders),
          body: Buffer.concat(chunks).toString("base64"),
        });
      });
    });
    sent.on("error", reject);
    sent.end();
  });
}

function withoutChanging(raw: readonly string[]): string[] {
  return raw.map((value, at) =>
    at % 2 === 1 && OF_ONE_ANSWER.test(raw[at - 1] ?? "") ? "…" : value,
  );
}
