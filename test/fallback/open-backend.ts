import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll } from "vitest";

/** What a backend has received. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A server behind the shop, which answers with what it has received, or as a test wants. */
export interface Backend {
  readonly url: string;
  readonly received: Received[];
  /** Answers paths that begin so by a listener of the test. */
  answer(path: string, listener: RequestListener): void;
}

/** Opens one for the tests of a file. Its address is a setting of the shop, so it opens at once. */
export async function openBackend(): Promise<Backend> {
  const received: Received[] = [];
  const listeners = new Map<string, RequestListener>();
  const server = createServer(async (req, res) => {
    const listener = [...listeners].find(([path]) => req.url?.startsWith(path))?.[1];
    if (listener) return listener(req, res);
    const { method = "", url = "", headers } = req;
    const seen = { method, url, headers, body: await text(req) };
    received.push(seen);
    res.writeHead(201, { "Content-Type": "application/json", "X-Backend": "yes" });
    res.end(JSON.stringify(seen));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: (path, listener) => void listeners.set(path, listener),
  };
}
