/** What a server answers to a read. The body is undefined if it is no JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** How long an answer may take. */
const SECONDS = 30;

/**
 * Sends one GET and returns its answer. Redirects are not followed.
 * @throws Error if the server does not answer in time
 */
export async function readAnswer(
  server: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const answer = await fetch(server.replace(/\/+$/, "") + path, {
    headers,
    redirect: "manual",
    signal: AbortSignal.timeout(SECONDS * 1000),
  });
  const text = await answer.text();
  return { status: answer.status, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
