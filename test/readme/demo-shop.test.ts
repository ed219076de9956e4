import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProgram, type NettleProgram, type ServerProcess } from "../start/build-program.ts";
import { findProgram } from "../support/find-program.ts";
import { blocksBelow } from "./readme-blocks.ts";
import { runLines } from "./run-lines.ts";

describe.runIf(findProgram("curl"))("the README's calls of the demo shop", () => {
  let program: NettleProgram;
  let folder: string;
  let server: ServerProcess;
  beforeAll(async () => {
    program = buildProgram();
    folder = await mkdtemp(join(tmpdir(), "nettle-readme-"));
    await chmod(folder, 0o755);
    server = await program.serve({ NETTLE_DATA: folder });
  });
  afterAll(async () => {
    server.signal("SIGTERM");
    await server.ended();
    program.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const run = (lines: string) =>
    runLines(
      lines
        .replaceAll("http://localhost:9000", server.url)
        .replaceAll("cookies.txt", join(folder, "cookies.txt")),
    );
  const jsonOf = async (lines: string) => JSON.parse((await run(lines)).out);

  it("answer shortly, and with prices of a currency", async () => {
    const [titles, prices] = blocksBelow("First calls", 2) as [string, string];
    const { out } = await run(titles);
    expect(JSON.parse(out).products).toHaveLength(3);
    expect(out.length).toBeLessThan(600);
    const [product] = (await jsonOf(prices)).products;
    expect(product.variants[0].calculated_price).toBeGreaterThan(0);
  });

  it("log in by the cookie that -v shows", async () => {
    const [lines] = blocksBelow("Log in", 3) as [string];
    const [logIn, use] = lines.trim().replaceAll("\\\n", "").split("\n") as [string, string];
    const cookie = /^< set-cookie: (connect\.sid=[^;]+)/im.exec((await run(logIn)).error)![1]!;
    expect(use).toContain("connect.sid=s%3A…");
    expect(await jsonOf(use.replace("connect.sid=s%3A…", cookie))).toMatchObject({
      customer: { email: "mara@example.com" },
    });
    expect((await run(use)).out).toBe("Unauthorized");
  });

  it("log in by a cookie that curl keeps", async () => {
    const { out } = await run(blocksBelow("Log in", 3)[1]!);
    expect(out).toContain('"email":"mara@example.com"');
    expect(out).toContain('"orders":[');
  });

  it("log in by token", async () => {
    expect(await jsonOf(blocksBelow("Log in", 3)[2]!)).toMatchObject({
      customer: { email: "mara@example.com" },
    });
  });

  it("log the mail of a password reset", async () => {
    const lines = [
      "curl -sf http://localhost:9000/store/customers/password-token",
      `-H 'content-type: application/json' -d '{"email":"mara@example.com"}'`,
    ];
    expect((await run(lines.join(" "))).code).toBe(0);
    await expect
      .poll(() => server.out(), { timeout: 20_000 })
      .toMatch(/Mail to mara@example\.com: .*reset-password\?token=ey/);
  });

  it("order in nine calls", async () => {
    const [lines] = blocksBelow("Order", 1) as [string];
    const calls = lines.match(/^(?:\w+=\$\((?:curl|post)|post carts)/gm);
    expect(calls).toHaveLength(9);
    const { code, out, error } = await run(lines);
    expect([code, error]).toEqual([0, ""]);
    expect(out).toMatch(/^3861\ngro@example\.com\n\d{4}\nmanual\n\d+\n$/);
  });
});
