import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import { requireAllowedAddress } from "./allowed-address.ts";

/** A webhook did not answer with success. */
export class WebhookError extends Error {}

/** More of an answer is not read. */
const MAX_ANSWER_BYTES = 16_384;
/** So much of an answer is kept with a dead letter. */
const SHOWN_CHARACTERS = 200;

interface WebhookRequest {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Private networks that it may be in. */
  readonly networks: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Sends a body to an address. The name is resolved once, and no redirect is followed, so that the
 * request goes to no other machine than the one that was checked.
 * @throws ForbiddenAddressError if the address is not allowed
 * @throws WebhookError if the answer is no success (2xx)
 * @throws Error if there is no answer, or the signal aborts
 */
export async function postWebhook({
  url: address,
  body,
  headers,
  networks,
  signal,
}: WebhookRequest): Promise<void> {
  const url = new URL(address);
  const ip = await requireAllowedAddress(url, networks);
  signal.throwIfAborted();
  const name = url.hostname.replace(/^\[|\]$/g, "");
  const { request } = url.protocol === "https:" ? https : http;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({
      host: ip,
      port: url.port || undefined,
      path: `${url.pathname}${url.search}`,
      method: "POST",
      headers: { host: url.host, "content-length": Buffer.byteLength(body), ...headers },
      // The certificate must be the name's, although the connection is to its IP address.
      servername: isIP(name) ? "" : name,
      agent: false,
      signal,
    })
      .on("response", resolve)
      .on("error", reject)
      .end(body);
  });
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return void response.destroy();
  const text = await beginningOf(response);
  throw new WebhookError(`It answered ${status}${text && `: ${text.slice(0, SHOWN_CHARACTERS)}`}`);
}

async function beginningOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part);
    bytes += part.length;
    if (bytes >= MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(parts).subarray(0, MAX_ANSWER_BYTES).toString("utf8").trim();
}
