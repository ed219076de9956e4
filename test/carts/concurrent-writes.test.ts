import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProgram, type NettleProgram, type ServerProcess } from "../start/build-program.ts";
import { aDiscount, aProduct, aRegion } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";

const FIFTY = Array.from({ length: 50 }, (_, index) => index);

/** Several tabs of a storefront, and its retries, write to one cart at once. */
describe("concurrent writes to a cart", () => {
  const shop = openShop();
  let regionId: string;
  const variants: string[] = [];
  beforeAll(async () => {
    regionId = (await aRegion(shop.knex)).id;
    for (let index = 0; index < 3; index++) {
      const product = await aProduct(shop.knex, { variants: [{ inventory_quantity: 1000 }] });
      variants.push(product.variants[0]!.id);
    }
    await aDiscount(shop.knex, { code: "TEN", regions: [regionId] });
  });

  async function aCart(body: object = {}): Promise<string> {
    return (await shop.post("/store/carts", { region_id: regionId, ...body })).body.cart.id;
  }
  const cartOf = async (id: string) => (await shop.get(`/store/carts/${id}`)).body.cart;

  it("keep every one of fifty additions of a variant, in one line", async () => {
    const id = await aCart();
    const answers = await Promise.all(
      FIFTY.map(() =>
        shop.post(`/store/carts/${id}/line-items`, { variant_id: variants[0], quantity: 2 }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(FIFTY.map(() => 200));
    const cart = await cartOf(id);
    expect(cart.items).toHaveLength(1);
    expect(cart).toMatchObject({ items: [{ quantity: 100, subtotal: 100_000 }], total: 119_000 });
    // Each answer shows another state of the cart.
    expect(new Set(answers.map(({ body }) => body.cart.items[0].quantity)).size).toBe(50);
  });

  it("end with the quantity of the last of fifty changes", async () => {
    const id = await aCart({ items: [{ variant_id: variants[0], quantity: 1 }] });
    const line = (await cartOf(id)).items[0].id;
    const written: number[] = [];
    await Promise.all(
      FIFTY.map(async (index) => {
        const path = `/store/carts/${id}/line-items/${line}`;
        const { status, body } = await shop.post(path, { quantity: index + 1 });
        written.push(index + 1);
        expect([status, body.cart.items[0].quantity]).toEqual([200, index + 1]);
      }),
    );
    const quantity = written.at(-1)!;
    expect((await cartOf(id)).items).toMatchObject([{ quantity, subtotal: 1000 * quantity }]);
  });

  it("leave one correct adjustment on each line", async () => {
    const id = await aCart();
    await shop.post(`/store/carts/${id}`, { discounts: [{ code: "TEN" }] });
    const answers = await Promise.all(
      FIFTY.map((index) =>
        shop.post(`/store/carts/${id}/line-items`, {
          variant_id: variants[index % 3],
          quantity: 1,
        }),
      ),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const cart = await cartOf(id);
    expect(cart.items).toHaveLength(3);
    expect(cart).toMatchObject({ subtotal: 50_000, discount_total: 5000 });
    for (const item of cart.items)
      expect(item.adjustments).toMatchObject([{ amount: item.subtotal / 10 }]);
  });

  it("all succeed when they are of different kinds", async () => {
    const id = await aCart({ items: [{ variant_id: variants[0], quantity: 1 }] });
    const line = (await cartOf(id)).items[0].id;
    const writes = FIFTY.map((index) => {
      if (index % 5 === 0)
        return shop.post(`/store/carts/${id}`, { discounts: index % 2 ? [] : [{ code: "TEN" }] });
      if (index % 5 === 1) return shop.delete(`/store/carts/${id}/line-items/${line}`);
      if (index % 5 === 2)
        return shop.post(`/store/carts/${id}`, { email: `guest-${index % 3}@example.com` });
      return shop.post(`/store/carts/${id}/line-items`, {
        variant_id: variants[index % 3],
        quantity: 1,
      });
    });
    for (const { status } of await Promise.all(writes)) expect(status).toBe(200);
    const cart = await cartOf(id);
    expect(cart.subtotal).toBe(
      cart.items.reduce((sum: number, item: { subtotal: number }) => sum + item.subtotal, 0),
    );
  });

  it("create one guest for one e-mail in ten carts", async () => {
    const ids = await Promise.all(FIFTY.slice(0, 10).map(() => aCart()));
    const answers = await Promise.all(
      ids.map((id) => shop.post(`/store/carts/${id}`, { email: "Fresh@Example.com" })),
    );
    expect(new Set(answers.map(({ body }) => body.cart.customer_id)).size).toBe(1);
    expect(await shop.knex("customer").where({ email: "fresh@example.com" })).toHaveLength(1);
  });

  describe("with a database pool of five", () => {
    let program: NettleProgram;
    const servers: ServerProcess[] = [];
    beforeAll(async () => {
      program = buildProgram();
      const settings = {
        DATABASE_URL: shop.databaseUrl,
        JWT_SECRET: "jwt-secret",
        COOKIE_SECRET: "cookie-secret",
        RATE_LIMIT: "off",
        DATABASE_POOL_MAX: "5",
      };
      servers.push(await program.serve(settings), await program.serve(settings));
    });
    afterAll(() => program.remove());
    const add = async (server: ServerProcess, id: string, variant = variants[0]) => {
      const answer = await fetch(`${server.url}/store/carts/${id}/line-items`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ variant_id: variant, quantity: 1 }),
      });
      return {
        status: answer.status,
        body: (await answer.json()) as { cart: { items: { quantity: number }[] } },
      };
    };

    it("do not hold up a write to another cart", async () => {
      const [busy, quick] = [await aCart(), await aCart()];
      const ended: string[] = [];
      const fifty = FIFTY.map(async () => {
        const { status } = await add(servers[0]!, busy);
        ended.push("busy");
        return status;
      });
      const { status } = await add(servers[0]!, quick);
      const before = ended.length;
      expect(status).toBe(200);
      expect(new Set(await Promise.all(fifty))).toEqual(new Set([200]));
      // The fifty wait for each other and use one connection at a time.
      expect(before).toBeLessThan(25);
      expect((await cartOf(busy)).items).toMatchObject([{ quantity: 50 }]);
    });

    it("lose nothing between two processes", async () => {
      const id = await aCart();
      await shop.post(`/store/carts/${id}`, { discounts: [{ code: "TEN" }] });
      const answers = await Promise.all(
        FIFTY.map((index) => add(servers[index % 2]!, id, variants[index % 3])),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(await cartOf(id)).toMatchObject({ subtotal: 50_000, discount_total: 5000 });
    });
  });
});
