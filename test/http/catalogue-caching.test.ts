import { beforeAll, describe, expect, it } from "vitest";
import { aProduct } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";

const PATH = "/store/products?fields=title";

describe("caching of catalogue responses", () => {
  const shop = openShop({
    settings: { HTTP_COMPRESSION: "on", HTTP_COMPRESSION_THRESHOLD: "100" },
  });
  beforeAll(async () => {
    await aProduct(shop.knex);
  });

  it("is private for requests with a session or a token", async () => {
    for (const [name, value] of [
      ["authorization", "Bearer x"],
      ["cookie", "connect.sid=s%3Ax.y"],
    ] as const) {
      expect((await shop.get(PATH, { [name]: value })).headers["cache-control"]).toBe(
        "private, no-cache",
      );
    }
    const { headers } = await shop.get(PATH);
    expect(headers["cache-control"]).toBe("public, no-cache");
    for (const name of ["Accept-Encoding", "Authorization", "Cookie", "X-Publishable-Api-Key"])
      expect(headers["vary"]).toContain(name);
  });

  it("never answers 304 for a refusal", async () => {
    expect((await shop.get("/store/products/prod_nope", { "if-none-match": "*" })).status).toBe(
      404,
    );
  });

  it("answers 304 until the catalogue changes", async () => {
    const { headers } = await shop.get(PATH);
    expect(headers["etag"]).toMatch(/^"[\w-]+"$/);
    const again = await shop.get(PATH, { "if-none-match": headers["etag"]! });
    expect(again.status).toBe(304);
    expect(again.text).toBe("");
    expect(
      (await shop.get(PATH, { "if-none-match": headers["etag"]!, "cache-control": "no-cache" }))
        .status,
    ).toBe(200);
    await aProduct(shop.knex);
    expect((await shop.get(PATH, { "if-none-match": headers["etag"]! })).status).toBe(200);
  });

  it("has one ETag for each encoding of the same body", async () => {
    const answers = await Promise.all(
      ["identity", "gzip", "gzip, br", "br;q=0, gzip"].map((accept) =>
        shop.get(PATH, { "accept-encoding": accept }),
      ),
    );
    expect(answers.map((answer) => answer.headers["content-encoding"])).toEqual([
      undefined,
      "gzip",
      "br",
      "gzip",
    ]);
    expect(new Set(answers.map((answer) => answer.headers["etag"])).size).toBe(3);
    for (const answer of answers) expect(answer.body).toEqual(answers[0]!.body);
    const plain = await shop.get(PATH, { "accept-encoding": "gzip, br", "x-no-compression": "1" });
    expect(plain.headers["content-encoding"]).toBeUndefined();
  });
});
