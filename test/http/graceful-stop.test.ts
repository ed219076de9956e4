import { once } from "node:events";
import { Agent, createServer, get, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { closeGracefully } from "../../src/http/server/close-gracefully.ts";

/** A proxy keeps connections, and may not send a write again when one breaks. */
describe("a server that stops", () => {
  let server: Server;
  let finishSlow: () => void;
  const proxy = new Agent({ keepAlive: true });
  beforeEach(async () => {
    server = createServer((req, res) => {
      if (req.url === "/slow") finishSlow = () => res.end("slow");
      else res.end("quick");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => proxy.destroy());

  async function ask(path: string) {
    const { port } = server.address() as AddressInfo;
    return receive(get({ host: "127.0.0.1", port, path, agent: proxy }));
  }

  async function receive(request: ReturnType<typeof get>) {
    const [answer] = (await once(request, "response")) as [IncomingMessage];
    const { connection } = answer.headers;
    return { body: await text(answer), connection, isReused: request.reusedSocket };
  }

  it("answers what comes over an idle connection, and says that the connection ends", async () => {
    expect(await ask("/")).toMatchObject({ connection: "keep-alive" });
    const late = ask("/");
    const stopped = closeGracefully(server, 20);
    expect(await late).toEqual({ body: "quick", connection: "close", isReused: true });
    await stopped;
  });

  it("answers what it has begun, and closes connections that stay idle", async () => {
    const slow = ask("/slow");
    await ask("/");
    const stopped = closeGracefully(server, 20);
    finishSlow();
    expect(await slow).toMatchObject({ body: "slow" });
    await stopped;
  });

  it("cuts off what takes too long", async () => {
    const slow = ask("/slow");
    const cutOff = expect(slow).rejects.toThrow("socket hang up");
    await ask("/");
    await closeGracefully(server, 0);
    await cutOff;
  });

  it("accepts no connection", async () => {
    const { port } = server.address() as AddressInfo;
    await closeGracefully(server, 20);
    const refused = receive(get({ host: "127.0.0.1", port, agent: proxy }));
    await expect(refused).rejects.toThrow("ECONNREFUSED");
  });
});
