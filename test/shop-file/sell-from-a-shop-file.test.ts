import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProgram, type NettleProgram, type ServerProcess } from "../start/build-program.ts";
import { clientAt } from "../support/api-client.ts";
import { aProduct } from "../support/builders.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";

const EXAMPLE = "docs/examples/shop.yaml";
const address = { first_name: "Ada", last_name: "Byron", address_1: "Weg 1", city: "Köln" };

/** A program, an empty database and a server, in the order in which a new shop is set up. */
describe("an empty database and docs/examples/shop.yaml", { timeout: 240_000 }, () => {
  let program: NettleProgram;
  let database: TestDatabase;
  let server: ServerProcess | undefined;
  let settings: Record<string, string>;
  beforeAll(async () => {
    program = buildProgram();
    database = await openDatabase("empty");
    settings = {
      DATABASE_URL: database.url,
      JWT_SECRET: "a-jwt-secret",
      COOKIE_SECRET: "a-cookie",
    };
    settings = { ...settings, RATE_LIMIT: "off", STORE_CORS: "http://localhost:8000" };
  });
  afterAll(async () => {
    server?.signal("SIGTERM");
    await server?.ended();
    program.remove();
    await database.drop();
  });

  it("become a shop that sells", async () => {
    expect(await program.run("migrate", settings)).toMatchObject({ code: 0 });
    const before = await program.run(`apply ${EXAMPLE} --yes --skip-missing`, settings);
    expect(before).toMatchObject({ code: 0, error: "" });
    expect(before.out).toContain('! price list "Winter sale": waits for variant "LINEN-SHIRT-M"');
    const key = /Publishable key "Storefront": (pk_\w+)/.exec(before.out)?.[1];
    await insertShirt();
    const after = await program.run(`apply ${EXAMPLE} --yes`, settings);
    expect(after).toMatchObject({ code: 0, error: "" });
    expect(after.out).toContain("Applied 4 changes");

    server = await program.serve(settings);
    const shop = clientAt(server.url);
    const { body: found } = await shop.get("/store/regions");
    const europe = found.regions.find(({ name }: { name: string }) => name === "Europe").id;
    const { body: listed } = await shop.get(`/store/products?region_id=${europe}`, {
      "x-publishable-api-key": key!,
    });
    const [shirt] = listed.products[0].variants;
    expect([shirt.original_price, shirt.calculated_price]).toEqual([8900, 6900]);

    const cart = await orderedBy(shop, europe, shirt.id);
    expect(cart).toMatchObject({ status: 200, body: { type: "order" } });
    const { data: order } = cart.body;
    // 10 % off a shirt of € 69.00, and delivery of € 4.90, both with 19 % of tax in them.
    expect(order).toMatchObject({ subtotal: 5798, discount_total: 580, shipping_total: 412 });
    // The tax is that of what is left after the discount, so a cent is rounded away.
    expect(order.total).toBe(5798 - 580 + 991 + 490);
  });

  async function insertShirt(): Promise<void> {
    await database.knex("product_type").insert({ id: "ptyp_books", value: "Books" });
    await aProduct(database.knex, {
      title: "Linen shirt",
      handle: "linen-shirt",
      variants: [{ sku: "LINEN-SHIRT-M", prices: [{ amount: 8900 }] }],
    });
  }
});

async function orderedBy(shop: ReturnType<typeof clientAt>, region_id: string, variant_id: string) {
  const { body: created } = await shop.post("/store/carts", {
    region_id,
    items: [{ variant_id, quantity: 1 }],
  });
  const path = `/store/carts/${created.cart.id}`;
  await shop.post(path, {
    email: "ada@example.com",
    shipping_address: { ...address, country_code: "de", postal_code: "50667" },
    discounts: [{ code: "WELCOME10" }],
  });
  const { body: offered } = await shop.get(`/store/shipping-options/${created.cart.id}`);
  const names = offered.shipping_options.map(({ name }: { name: string }) => name);
  expect(names).toEqual(["Standard delivery"]);
  const [option] = offered.shipping_options;
  await shop.post(`${path}/shipping-methods`, { option_id: option.id });
  await shop.post(`${path}/payment-sessions`);
  return shop.post(`${path}/complete`);
}
