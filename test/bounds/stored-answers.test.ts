import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import {
  aFilledCart,
  aProduct,
  aShippedOrder,
  aShopSetup,
  type ShopSetup,
} from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

/** What is stored under Idempotency-Keys is what a caller needs, and not more than it may. */
describe("stored answers are bounded", () => {
  const shop = openShop({
    settings: { IDEMPOTENCY_LIMIT: "20kb", IDEMPOTENCY_HOURLY_LIMIT: "300kb" },
  });
  let setup: ShopSetup;
  beforeAll(async () => {
    setup = await aShopSetup(shop.knex, { stock: 1_000_000 });
  });

  /** The rows that are added by some requests, and their bytes. */
  const added = async (run: () => Promise<unknown>) => {
    const size = async () => {
      const { rows } = await shop.knex.raw(
        `select count(*)::int as rows, coalesce(sum(length(k::text)), 0)::int as bytes
          from idempotency_key k`,
      );
      return rows[0] as { rows: number; bytes: number };
    };
    const before = await size();
    await run();
    const after = await size();
    return { rows: after.rows - before.rows, bytes: after.bytes - before.bytes };
  };
  const keyed = () => ({ "idempotency-key": randomUUID() });
  /** A cart of some 100 kB. */
  const aLargeCart = async () => {
    const cart = await aFilledCart(shop, setup);
    for (let line = 0; line < 8; line++)
      await shop.post(`/store/carts/${cart}/line-items`, {
        variant_id: setup.variantId,
        quantity: 1,
        metadata: { line, text: "x".repeat(12_000) },
      });
    return `/store/carts/${cart}`;
  };

  it("nothing is stored where nobody sent a key and a repeat does no harm", async () => {
    const at = await aLargeCart();
    await shop.post(at, { email: "gro@example.com" });
    const requests = ["taxes", "payment-sessions", "complete", "complete"];
    expect(
      await added(async () => {
        for (const path of requests) {
          const { status, headers } = await shop.post(`${at}/${path}`);
          expect(status).toBe(200);
          expect(headers["idempotency-key"]).toMatch(/^[0-9a-f-]{36}$/);
        }
      }),
    ).toEqual({ rows: 0, bytes: 0 });
  });

  it("taxes are stored under no key, not even a caller's", async () => {
    const at = await aLargeCart();
    expect((await added(() => shop.post(`${at}/taxes`, {}, keyed()))).rows).toBe(0);
  });

  it("a repeat under a key that was given out adds no second line", async () => {
    const at = await aLargeCart();
    const line = { variant_id: setup.variantId, quantity: 1, metadata: { a: 1 } };
    let first: Awaited<ReturnType<typeof shop.post>> | undefined;
    const size = await added(async () => {
      first = await shop.post(`${at}/line-items`, line);
    });
    expect(size.bytes).toBeLessThan(1000);
    const key = first?.headers["idempotency-key"] ?? "";
    const again = await shop.post(`${at}/line-items`, line, { "idempotency-key": key });
    expect([again.status, again.body.cart.items.length]).toEqual([200, 10]);
    expect(again.body.cart.items).toEqual((await shop.get(at)).body.cart.items);
    expect(
      await shop.post(`${at}/line-items`, { ...line, quantity: 2 }, { "idempotency-key": key }),
    ).toBeRefused(422);
  });

  it("a large answer is not stored, and a repeat shows the present state", async () => {
    const at = await aLargeCart();
    const headers = keyed();
    const change = { email: "ada@example.com" };
    const size = await added(async () => {
      expect((await shop.post(at, change, headers)).status).toBe(200);
    });
    expect(size).toEqual({ rows: 1, bytes: expect.closeTo(500, -3) });
    await shop.post(at, { email: "other@example.com" });
    const again = await shop.post(at, change, headers);
    expect([again.status, again.body.cart.email]).toEqual([200, "other@example.com"]);
  });

  it("a created cart of any size is found again by its key", async () => {
    const products = await Promise.all(Array.from({ length: 30 }, () => aProduct(shop.knex)));
    const items = products.map(({ variants }) => ({ variant_id: variants[0]!.id, quantity: 1 }));
    const headers = keyed();
    const create = () => shop.post("/store/carts", { region_id: setup.regionId, items }, headers);
    const [first, again] = [await create(), await create()];
    expect(again.body.cart.id).toBe(first.body.cart.id);
    expect(again.body.cart.items).toHaveLength(30);
  });

  it("what is complete is not stored again, whatever keys are sent", async () => {
    const at = `/store/carts/${await aFilledCart(shop, setup)}`;
    const headers = keyed();
    const { body } = await shop.post(`${at}/complete`, {}, headers);
    expect(
      await added(async () => {
        for (const more of [headers, keyed(), keyed(), {}]) {
          const again = await shop.post(`${at}/complete`, {}, more);
          expect([again.status, again.body.data.id]).toEqual([200, body.data.id]);
        }
      }),
    ).toEqual({ rows: 0, bytes: 0 });
  });

  it("a return is made once under the key that was given out with it", async () => {
    const order = await aShippedOrder(shop.knex);
    const request = { order_id: order.id, items: [{ item_id: order.lines[0], quantity: 1 }] };
    const { body } = await shop.post("/store/returns", request);
    const headers = { "idempotency-key": body.return.idempotency_key };
    const again = await shop.post("/store/returns", request, headers);
    expect(again.body.return.id).toBe(body.return.id);
    expect(await shop.knex("return").where({ order_id: order.id })).toHaveLength(1);
  });

  it("a caller's fresh keys fill no disk", async () => {
    const at = `/store/carts/${await aFilledCart(shop, setup)}`;
    const { bytes } = await added(async () => {
      for (let number = 0; number < 150; number++)
        await shop.post(at, { context: { number } }, keyed());
    });
    expect(bytes).toBeLessThan(300 * 1024 + 150 * 1000);
    const headers = keyed();
    const [first, again] = [
      await shop.post(at, { context: { a: 1 } }, headers),
      await shop.post(at, { context: { a: 1 } }, headers),
    ];
    expect(again.body.cart.id).toBe(first.body.cart.id);
  });
});
