import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildProgram, type NettleProgram } from "../start/build-program.ts";
import { aFilledCart, aRegion, aShopSetup } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";

/** What the tests read of an answer. */
interface Body {
  readonly products?: { title: string }[];
  readonly regions: Record<string, unknown>[];
}

/** Returns what is answered instead. A `status` in it is the answer's. */
type Change = (body: Body, path: string, times: number) => unknown;

/** `nettle compare` with a stand-in for Medusa: the shop itself, whose answers a test changes. */
describe("nettle compare", () => {
  const shop = openShop();
  const folder = mkdtempSync(join(tmpdir(), "nettle-compare-"));
  const methods = new Set<string>();
  let change: Change = (body) => body;
  let program: NettleProgram;
  let cart: string;
  const times = new Map<string, number>();
  const answer: RequestListener = async (req, res) => {
    methods.add(req.method!);
    const path = req.url!;
    const count = (times.get(path) ?? 0) + 1;
    times.set(path, count);
    const original = await fetch(shop.url + path, { headers: req.headers as never });
    const body = change((await original.json()) as Body, path, count);
    const status = (body as { status?: unknown })?.status;
    res.writeHead(typeof status === "number" ? status : original.status);
    res.end(typeof body === "string" ? body : JSON.stringify(body));
  };
  const medusa = createServer(answer);
  beforeAll(async () => {
    program = buildProgram();
    cart = await aFilledCart(shop, await aShopSetup(shop.knex));
    await aRegion(shop.knex);
    await new Promise<void>((done) => medusa.listen(0, "127.0.0.1", done));
  });
  afterAll(() => {
    medusa.close();
    medusa.closeAllConnections();
    program.remove();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => times.clear());

  const compare = (words = "", settings = {}) =>
    program.run(
      `compare --medusa http://127.0.0.1:${(medusa.address() as AddressInfo).port} ` +
        `--nettle ${shop.url}${words && ` ${words}`}`,
      settings,
    );
  const compared = async (changed: Change, words = "") => {
    change = changed;
    const { code, out, error } = await compare(`--json${words && ` ${words}`}`);
    change = (body) => body;
    if (!out) throw new Error(error);
    return { code, ...JSON.parse(out) };
  };

  it.each([
    ["compare", "required option '--medusa <url>' not specified"],
    ["compare --medusa ftp://x --nettle http://x", "It must be an address"],
    ["compare --medusa http://x --nettle http://y --sample 0", "a whole number from 1"],
    ["compare --medusa http://x --nettle http://y --header x", '"x" is no header'],
    ["compare --medusa http://127.0.0.1:9 --nettle http://y", "http://127.0.0.1:9 does not answer"],
  ])("refuses `%s`", async (words, message) => {
    const { code, out, error } = await program.run(words, {});
    expect(error).toContain(message);
    expect([code! > 0, out]).toEqual([true, ""]);
  });

  it("finds nothing between equal servers, and reads only", async () => {
    const { code, out } = await compare(`--carts ${cart}`, { DATABASE_URL: shop.databaseUrl });
    expect(out).toMatch(/^(\d+) reads, \1 answered alike\n\nNothing else differs\./);
    expect(code).toBe(0);
    expect([...methods]).toEqual(["GET"]);
    for (const path of ["/store/products?limit=100&offset=0", `/store/carts/${cart}`])
      expect([...times.keys()]).toContain(path);
  });

  it("reports each kind of difference once, with an example and both values", async () => {
    const { code, findings } = await compared((body) => {
      for (const product of body.products ?? []) product.title += "!";
      return body;
    });
    expect(code).toBe(1);
    expect(findings).toEqual([
      expect.objectContaining({
        path: "products[*].title",
        example: expect.stringMatching(/^\/store\/products\?/),
        medusa: expect.stringMatching(/!$/),
        nettle: expect.not.stringMatching(/!$/),
      }),
    ]);
  });

  it("reports another order of a list, a missing value and another status", async () => {
    const { code, findings } = await compared((body, path) => {
      if (path.startsWith("/store/carts/")) return { ...body, status: 404 };
      if (path === "/store/regions") body.regions[0]!["extra"] = null;
      return body;
    }, `--carts ${cart}`);
    expect(code).toBe(1);
    expect(findings.map(({ path }: { path: string }) => path).toSorted()).toEqual([
      "regions[*].extra",
      "status",
    ]);
  });

  it("names what is deliberate, and does not fail for it", async () => {
    const { code, findings } = await compared((body, path) =>
      path.startsWith("/store/variants/") ? { status: 500 } : body,
    );
    expect(findings).toEqual([expect.objectContaining({ name: "medusa-failed", path: "status" })]);
    expect(code).toBe(0);
  });

  it("knows a Medusa whose flags are off, unless their fields have a value", async () => {
    const withoutFlags: Change = (body, path) => {
      if (path === "/store/regions") delete body.regions[0]!["includes_tax"];
      return body;
    };
    const { code, findings } = await compared(withoutFlags);
    expect([code, findings]).toEqual([
      0,
      [expect.objectContaining({ name: "flags-that-are-off", path: "regions[*].includes_tax" })],
    ]);
    await shop.knex("region").update({ includes_tax: true });
    const { code: wrong } = await compared(withoutFlags);
    await shop.knex("region").update({ includes_tax: false });
    expect(wrong).toBe(1);
  });

  it("allows rows of the same time to be in another order, and no others", async () => {
    const turned: Change = (body, path) => {
      if (path === "/store/regions") body.regions.reverse();
      return body;
    };
    const { code, findings } = await compared(turned);
    expect(findings).toEqual([expect.objectContaining({ path: "regions[*].id" })]);
    expect([code, findings[0].name]).toEqual([1, undefined]);
    await shop.knex("region").update({ created_at: "2026-01-02T03:04:05Z" });
    const { code: equal, findings: named } = await compared(turned);
    expect([equal, named.map(({ name }: { name?: string }) => name)]).toEqual([
      0,
      ["order-of-equals"],
    ]);
  });

  it("asks again before it reports what another program has just changed", async () => {
    const { code, findings } = await compared((body, path, count) => {
      if (path === "/store/regions" && count === 2) body.regions[0]!["name"] = "Just renamed";
      return body;
    });
    expect([code, findings]).toEqual([0, []]);
  });

  it("sends the reads of an access log, each once, and nothing else of it", async () => {
    const log = join(folder, "access.log");
    writeFileSync(
      log,
      [
        '127.0.0.1 - - [26/Nov/2026:10:00:00 +0000] "GET /store/regions?limit=1 HTTP/1.1" 200 12',
        '127.0.0.1 - - [26/Nov/2026:10:00:01 +0000] "GET /store/regions?limit=1 HTTP/1.1" 200 12',
        '127.0.0.1 - - [26/Nov/2026:10:00:02 +0000] "POST /store/carts HTTP/1.1" 200 12',
        '127.0.0.1 - - [26/Nov/2026:10:00:02 +0000] "DELETE /store/auth HTTP/1.1" 200 12',
        '127.0.0.1 - - [26/Nov/2026:10:00:03 +0000] "GET /admin/orders HTTP/1.1" 200 12',
        "/store/collections?limit=2",
        "",
      ].join("\n"),
    );
    const { code, requests } = await compared((body) => body, `--log ${log}`);
    expect([code, requests]).toEqual([0, 2]);
    const { code: refused, error } = await compare(`--log ${join(folder, "none.log")}`);
    expect([refused, error]).toEqual([2, expect.stringContaining("none.log cannot be read")]);
  });
});
