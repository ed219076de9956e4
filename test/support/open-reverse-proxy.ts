import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** One HTTP address in front of servers that are replaced. */
export interface ReverseProxy {
  readonly url: string;
  /** Routes new connections to a port. */
  routeTo(port: number): void;
  /** Drops responses until the next `routeTo`; requests still pass. */
  dropResponses(): void;
  /** The `Idempotency-Key` of each request, in order. */
  readonly idempotencyKeys: string[];
  close(): void;
}

/** Opens a proxy on a free port, without a route. */
export async function openReverseProxy(): Promise<ReverseProxy> {
  const target = { port: 0, answers: true };
  const idempotencyKeys: string[] = [];
  const server = createServer((client) => {
    const upstream = connect(target.port, "127.0.0.1");
    client.on("data", (part) => {
      idempotencyKeys.push(
        ...[...String(part).matchAll(/^idempotency-key: (\S+)/gim)].map((found) => found[1]!),
      );
      upstream.write(part);
    });
    upstream.on("data", (part) => target.answers && client.write(part));
    endTogether(client, upstream);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    routeTo: (port) => void Object.assign(target, { port, answers: true }),
    dropResponses: () => void Object.assign(target, { answers: false }),
    idempotencyKeys,
    close: () => server.close(),
  };
}

function endTogether(...sockets: readonly [Socket, Socket]): void {
  for (const socket of sockets) {
    socket.on("error", () => undefined);
    socket.on("close", () => {
      for (const other of sockets) other.destroy();
    });
  }
}
