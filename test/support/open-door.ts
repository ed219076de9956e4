import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** One address in front of servers that come and go, as a balancer is. */
export interface Door {
  readonly url: string;
  /** Where new connections lead from now on. */
  leadTo(port: number): void;
  /** From now on, until it leads elsewhere, requests come through and answers do not. */
  keepAnswers(): void;
  /** What stood in the `Idempotency-Key` of each request, in order. */
  readonly keys: string[];
  close(): void;
}

/** Opens the door on a free port; it leads nowhere yet. */
export async function openDoor(): Promise<Door> {
  const target = { port: 0, answers: true };
  const keys: string[] = [];
  const server = createServer((outer) => {
    const inner = connect(target.port, "127.0.0.1");
    outer.on("data", (part) => {
      keys.push(...[...String(part).matchAll(/^idempotency-key: (\S+)/gim)].map((found) => found[1]!));
      inner.write(part);
    });
    inner.on("data", (part) => target.answers && outer.write(part));
    endTogether(outer, inner);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo: (port) => void Object.assign(target, { port, answers: true }),
    keepAnswers: () => void Object.assign(target, { answers: false }),
    keys,
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
