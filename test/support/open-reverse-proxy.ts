import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** One address in front of servers that come and go, as a balancer is. */
export interface ReverseProxy {
  readonly url: string;
  /** Where new connections lead from now on. */
  routeTo(port: number): void;
  /** From now on, until it leads elsewhere, requests come through and answers do not. */
  dropResponses(): void;
  /** What stood in the `Idempotency-Key` of each request, in order. */
  readonly idempotencyKeys: string[];
  close(): void;
}

/** Opens the door on a free port; it leads nowhere yet. */
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
