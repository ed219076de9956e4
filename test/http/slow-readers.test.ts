import { once } from "node:events";
import type { Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createHttpServer } from "../../src/http/server/create-http-server.ts";

const MB = 1024 * 1024;
const ANSWER = "x".repeat(8 * MB);

/** An answer stays in memory until its client has read it. */
describe("clients that do not read their answers", () => {
  let server: Server;
  const readers: Socket[] = [];
  afterEach(async () => {
    for (const reader of readers.splice(0)) reader.destroy();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  async function serve(unread: { seconds: number; bytes: number }): Promise<void> {
    const times = { headersSeconds: 15, requestSeconds: 30, keepAliveSeconds: 65 };
    server = createHttpServer((_req, res) => res.end(ANSWER), times, unread);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  }

  /** Sends a request and reads nothing of the answer. */
  async function ask(): Promise<Socket> {
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.pause();
    readers.push(socket);
    await once(socket, "connect");
    socket.write("GET / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n");
    return socket;
  }

  /** Reads on, and returns how many bytes come before the connection ends. */
  async function readAll(socket: Socket): Promise<number> {
    let count = 0;
    socket.on("data", (chunk) => {
      count += chunk.length;
    });
    socket.resume();
    await once(socket, "close");
    return count;
  }

  const connections = () =>
    new Promise<number>((resolve, reject) =>
      server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );

  it("are cut off after a time", async () => {
    await serve({ seconds: 1, bytes: 1000 * MB });
    const reader = await ask();
    await vi.waitFor(async () => expect(await connections()).toBe(0), { timeout: 20_000 });
    expect(await readAll(reader)).toBeLessThan(ANSWER.length);
  });

  it("are cut off, the oldest first, when too much waits for all of them", async () => {
    await serve({ seconds: 1000, bytes: 20 * MB });
    for (let count = 0; count < 8; count++) await ask();
    await sleep(100);
    const last = await ask();
    await vi.waitFor(async () => expect(await connections()).toBeLessThanOrEqual(2), {
      timeout: 20_000,
    });
    expect(await readAll(last)).toBeGreaterThan(ANSWER.length);
  });

  it("are let alone while little waits", async () => {
    await serve({ seconds: 1000, bytes: 20 * MB });
    const reader = await ask();
    await sleep(1500);
    expect(await readAll(reader)).toBeGreaterThan(ANSWER.length);
  });
});
