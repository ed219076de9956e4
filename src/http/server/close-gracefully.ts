import type { Server } from "node:http";
import { Server as TcpServer } from "node:net";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";

/** How long a connection that is idle when the server stops may still bring a request. */
const IDLE_GRACE_MS = 500;
const IDLE_CHECK_MS = 50;

/**
 * Stops accepting connections, waits up to `seconds` for open requests, then closes their
 * connections. A proxy may send a request at the moment at which its connection is closed, and may
 * not send it again. So each answer says from now on that its connection ends, and connections that
 * are idle stay open for a moment.
 */
export async function closeGracefully(server: Server, seconds: number): Promise<void> {
  if (!server.listening) return;
  server.prependListener("request", (_, res) => void res.setHeader("Connection", "close"));
  const closed = stopListening(server);
  const ended = new AbortController();
  const after = (ms: number) => sleep(ms, undefined, { signal: ended.signal, ref: false });
  const graceful = after(IDLE_GRACE_MS).then(async () => {
    for (;;) {
      server.closeIdleConnections();
      await after(IDLE_CHECK_MS);
    }
  });
  const late = after(seconds * 1000).then(() => server.closeAllConnections());
  await Promise.race([closed, late]);
  ended.abort();
  await Promise.allSettled([graceful, late]);
}

/** Closes the socket, but no connection. Resolves when there is none left. */
async function stopListening(server: Server): Promise<void> {
  // What has connected by now is accepted first, since closing the socket would reset it.
  await setImmediate();
  // The method of HTTP's own server closes idle connections, too.
  await new Promise<void>((resolve) => TcpServer.prototype.close.call(server, () => resolve()));
}
