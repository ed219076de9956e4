import { createServer, type RequestListener, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../../config/config.ts";
import { StartupError } from "../../core/startup-error.ts";
import { dropSlowReaders, type UnreadBounds } from "./drop-slow-readers.ts";

/**
 * An HTTP server that gives clients only so long to send their headers and the whole of a request;
 * not listening yet.
 */
export function createHttpServer(
  listener: RequestListener,
  { headersSeconds, requestSeconds, keepAliveSeconds }: Config["http"],
  unread: UnreadBounds,
): Server {
  const server = createServer(
    {
      headersTimeout: headersSeconds * 1000,
      requestTimeout: requestSeconds * 1000,
      keepAliveTimeout: keepAliveSeconds * 1000,
      // How late a time limit may be noticed.
      connectionsCheckingInterval: 1000,
    },
    listener,
  );
  dropSlowReaders(server, unread);
  return server.on("clientError", refuseUnreadable);
}

const STATUS_OF: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** What is no HTTP, or came too slowly, never reaches the app. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const status = STATUS_OF[error.code ?? ""] ?? 400;
  const reason = STATUS_CODES[status] ?? "";
  const body = JSON.stringify({
    type: "invalid_data",
    message: `The request cannot be read: ${reason}`,
  });
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

/**
 * Starts to listen; gives the port, which the system chose if 0 was asked for.
 * @throws StartFailure the port is in use, or may not be used
 */
export function listen(server: Server, port: number, host: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(new StartupError(cannotListen(error, port, host))),
    );
    server.listen({ port, host }, () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

function cannotListen(
  error: NodeJS.ErrnoException,
  port: number,
  host: string | undefined,
): string {
  if (error.code === "EADDRINUSE")
    return `Port ${port} is in use already: stop what listens there, or set PORT to another.`;
  if (error.code === "EACCES")
    return `Port ${port} may not be used by this user: set PORT to one above 1023.`;
  return `Cannot listen on ${host ?? "any interface"}, port ${port}: ${error.message}.`;
}

/**
 * Stops accepting, lets requests under way finish for at most `seconds`, then cuts off the rest.
 */
export async function closeGracefully(server: Server, seconds: number): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A kept-alive connection is idle as soon as its last answer is out, not when closing began.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const timer = new AbortController();
  const late = sleep(seconds * 1000, undefined, { signal: timer.signal }).then(
    () => server.closeAllConnections(),
    () => {},
  );
  await Promise.race([closed, late]);
  timer.abort();
  clearInterval(sweep);
}
