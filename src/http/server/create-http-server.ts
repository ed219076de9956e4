import { createServer, type RequestListener, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Config } from "../../config/config.ts";
import { StartupError } from "../../core/startup-error.ts";
import { dropSlowReaders, type UnreadBounds } from "./drop-slow-readers.ts";

/**
 * Creates an HTTP server that limits how long a client may take to send its headers and its whole
 * request. The server does not listen yet.
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
      // How often the timeouts are checked, in milliseconds.
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

/** Answers requests that are not HTTP or arrive too slowly; they never reach the app. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const status = STATUS_OF[error.code ?? ""] ?? 400;
  const reason = STATUS_CODES[status] ?? "";
  const body = JSON.stringify({
    type: "invalid_data",
    message: `The request cannot be read: ${reason}`,
  });
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    "Content-Type: application/json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/**
 * Starts to listen and returns the port; the system chooses one if `port` is 0.
 * @throws StartupError if the port is in use or not permitted
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

/**
 * Listens for a moment, so that a start ends here before it has changed anything.
 * @throws StartupError if the port is in use or not permitted
 */
export async function mustBeFree(port: number, host: string | undefined): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  await listen(server, port, host);
  await new Promise((closed) => server.close(closed));
}

function cannotListen(
  error: NodeJS.ErrnoException,
  port: number,
  host: string | undefined,
): string {
  if (error.code === "EADDRINUSE")
    return `Port ${port} is in use already: stop what listens there, or set PORT to another.`;
  if (error.code === "EACCES")
    return `This user may not listen on port ${port}: set PORT to one above 1023.`;
  return `Cannot listen on ${host ?? "any interface"}, port ${port}: ${error.message}.`;
}
