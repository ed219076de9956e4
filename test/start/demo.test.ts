import { chmod, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProgram, type NettleProgram } from "./build-program.ts";

let program: NettleProgram;
let folder: string;
beforeAll(async () => {
  program = buildProgram();
  folder = await mkdtemp(join(tmpdir(), "nettle-demo-"));
  // PostgreSQL does not run as root: the user it runs as must get in.
  await chmod(folder, 0o755);
});
afterAll(async () => {
  program.remove();
  await rm(folder, { recursive: true, force: true });
});

describe("nettle serve without a database", () => {
  it("opens a demo shop, which is the same after a restart", async () => {
    const first = await openedShop();
    // The indexes of empty tables are nothing to read about.
    const before = first.out.slice(0, first.out.indexOf("Nettle is at"));
    expect(before.trim().split("\n").length).toBeLessThan(6);
    expect(first.out).toMatch(/Database: +PostgreSQL of its own, in .*nettle-demo-/);
    expect(first.out).toMatch(/Customer: +\S+@\S+ \/ \S+/);
    expect(first.out).toMatch(/Codes: +WELCOME10, /);
    expect(first.out).toMatch(/GET 200 \/store\/products {2}\d+ ms/);
    expect(first.products.length).toBeGreaterThan(10);
    expect(first.products[0]!.thumbnail).toMatch(/^\/demo\/pictures\//);
    expect(first.picture).toEqual([200, "image/webp"]);

    const again = await openedShop();
    expect(again.products).toEqual(first.products);
    expect(again.secrets).toBe(first.secrets);
    expect((await stat(join(folder, "secrets.json"))).mode & 0o777).toBe(0o600);
  });
});

async function openedShop() {
  const server = await program.serve({ NETTLE_DATA: folder, LOG_FORMAT: "pretty" });
  const { products } = (await (
    await fetch(`${server.url}/store/products?limit=100&fields=id,thumbnail&expand=`)
  ).json()) as {
    products: { id: string; thumbnail: string }[];
  };
  const picture = await fetch(`${server.url}${new URL(products[0]!.thumbnail).pathname}`);
  server.signal("SIGTERM");
  expect(await server.ended()).toBe(0);
  return {
    out: server.out(),
    // Each start has another port, which the addresses of the pictures follow.
    products: products.map(({ id, thumbnail }) => ({
      id,
      thumbnail: thumbnail.replace(server.url, ""),
    })),
    picture: [picture.status, picture.headers.get("content-type")],
    secrets: await readFile(join(folder, "secrets.json"), "utf8"),
  };
}
