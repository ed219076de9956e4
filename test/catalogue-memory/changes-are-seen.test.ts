import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { asCustomer } from "../support/as-customer.ts";
import {
  aCustomer,
  aCustomerGroup,
  aFilledCart,
  aPrice,
  aPriceList,
  aProduct,
  aRegion,
  aShopSetup,
} from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import { readFromMemory, soon, untilServing } from "./kept-answers.ts";

describe("changes of the catalogue", () => {
  const shop = openShop({ settings: { CATALOGUE_MEMORY: "4mb" } });
  const kept = (path: string) => readFromMemory(shop, path);
  const isKept = async (path: string) => {
    await untilServing(shop);
    const { misses } = shop.memory.counts;
    await shop.get(path);
    return shop.memory.counts.misses === misses;
  };
  const titleOf = async (id: string) =>
    (await shop.get(`/store/products/${id}`)).body.product?.title;

  it("by an insert are seen in lists, counts and what was not there", async () => {
    await kept("/store/products");
    const { count } = (await kept("/store/products?limit=1")).body;
    expect((await shop.get("/store/products/prod_new")).status).toBe(404);
    expect((await shop.get("/store/products?handle=new")).body.count).toBe(0);
    await aProduct(shop.knex, { id: "prod_new", handle: "new" });
    await soon(async () => (await shop.get("/store/products?limit=1")).body.count).toBe(count + 1);
    expect((await shop.get("/store/products/prod_new")).status).toBe(200);
    expect((await shop.get("/store/products?handle=new")).body.count).toBe(1);
    await kept("/store/products/prod_new");
    await shop.knex("product").where({ id: "prod_new" }).update({ deleted_at: new Date() });
    await soon(async () => (await shop.get("/store/products/prod_new")).status).toBe(404);
  });

  it("by a transaction are seen once it has committed", async () => {
    const { id } = await aProduct(shop.knex, { title: "Before" });
    await kept(`/store/products/${id}`);
    const trx = await shop.knex.transaction();
    await trx("product").where({ id }).update({ title: "After" });
    expect(await titleOf(id)).toBe("Before");
    expect(await isKept(`/store/products/${id}`)).toBe(true);
    await trx.commit();
    await soon(() => titleOf(id)).toBe("After");
  });

  it("by a replica's role are seen", async () => {
    const { id } = await aProduct(shop.knex, { title: "Before" });
    await kept(`/store/products/${id}`);
    await shop.knex.transaction(async (trx) => {
      await trx.raw("set local session_replication_role = replica");
      await trx("product").where({ id }).update({ title: "After" });
    });
    await soon(() => titleOf(id)).toBe("After");
  });

  it("by TRUNCATE and by COPY are seen", async () => {
    const reasons = async () => (await shop.get("/store/return-reasons")).body.return_reasons;
    const file = join(tmpdir(), `nettle-reasons-${process.pid}.csv`);
    await shop.knex("return_reason").insert({ id: "rr_1", value: "big", label: "Too big" });
    expect((await kept("/store/return-reasons")).body.return_reasons).toHaveLength(1);
    try {
      await shop.knex.raw(`copy return_reason to '${file}'`);
      await shop.knex.raw("truncate return_reason cascade");
      await soon(reasons).toEqual([]);
      expect((await kept("/store/return-reasons")).body.return_reasons).toEqual([]);
      await shop.knex.raw(`copy return_reason from '${file}'`);
      await soon(reasons).toHaveLength(1);
    } finally {
      await rm(file, { force: true });
    }
  });

  it("of the stock drop only what shows it", async () => {
    const [sold, other] = [await aProduct(shop.knex), await aProduct(shop.knex)];
    const [path, otherPath] = [`/store/products/${sold.id}`, `/store/products/${other.id}`];
    for (const each of [path, otherPath, `/store/products?id=${sold.id}`]) await kept(each);
    await shop
      .knex("product_variant")
      .where({ product_id: sold.id })
      .update({ inventory_quantity: 3, updated_at: new Date() });
    const stockOf = ({ variants }: { variants: { inventory_quantity: number }[] }) =>
      variants[0]?.inventory_quantity;
    await soon(async () => stockOf((await shop.get(path)).body.product)).toBe(3);
    const { body } = await shop.get(`/store/products?id=${sold.id}`);
    expect(stockOf(body.products[0])).toBe(3);
    expect(await isKept(otherPath)).toBe(true);
  });

  it("of the stock drop what is filtered by it", async () => {
    const { id, variants } = await aProduct(shop.knex, { variants: [{ inventory_quantity: 4 }] });
    const path = `/store/variants?inventory_quantity=4&id=${variants[0]!.id}`;
    expect((await kept(path)).body.variants).toHaveLength(1);
    const change = { inventory_quantity: 5 };
    await shop.knex("product_variant").where({ product_id: id }).update(change);
    await soon(async () => (await shop.get(path)).body.variants).toEqual([]);
  });

  it("of the stock of many variants at once are seen", async () => {
    const variants = Array.from({ length: 250 }, () => ({ prices: [] }));
    const { id } = await aProduct(shop.knex, { variants });
    const path = `/store/products/${id}?fields=id&expand=variants`;
    await kept(path);
    await shop.knex("product_variant").where({ product_id: id }).update({ inventory_quantity: 77 });
    await soon(async () => {
      const { body } = await shop.get(path);
      const shown: { inventory_quantity: number }[] = body.product.variants;
      return new Set(shown.map(({ inventory_quantity }) => inventory_quantity));
    }).toEqual(new Set([77]));
  });

  it("by an order drop what it sold and nothing else", async () => {
    const setup = await aShopSetup(shop.knex, { stock: 10 });
    const other = await aShopSetup(shop.knex);
    const [sold, kinds] = [`/store/products/${setup.productId}`, "/store/product-types"];
    await kept(sold);
    for (const path of [`/store/products/${other.productId}`, "/store/regions", kinds])
      await kept(path);
    const cart = await aFilledCart(shop, setup, { quantity: 3 });
    expect((await shop.post(`/store/carts/${cart}/complete`)).body.type).toBe("order");
    await soon(async () => {
      const { body } = await shop.get(sold);
      return body.product.variants[0].inventory_quantity;
    }).toBe(7);
    for (const path of [`/store/products/${other.productId}`, "/store/regions", kinds])
      expect([path, await isKept(path)]).toEqual([path, true]);
  });

  it("of one kind leave the others in memory", async () => {
    await aShopSetup(shop.knex);
    for (const path of ["/store/products", "/store/regions", "/store/collections"])
      await kept(path);
    await shop.knex("return_reason").insert({ id: "rr_2", value: "small", label: "Too small" });
    await soon(async () => (await shop.get("/store/return-reasons")).body.return_reasons).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: "rr_2" })]),
    );
    for (const path of ["/store/regions", "/store/collections"])
      expect([path, await isKept(path)]).toEqual([path, true]);
  });

  it("by the clock are seen when a price list begins and when it ends", async () => {
    const region = await aRegion(shop.knex);
    const { id, variants } = await aProduct(shop.knex, { variants: [{ prices: [] }] });
    const customer = await aCustomer(shop.knex);
    const group = await aCustomerGroup(shop.knex, { customers: [customer.id] });
    const price = { variant_id: variants[0]!.id };
    await aPrice(shop.knex, { ...price, amount: 1000 });
    const start = Date.now() + 1_500;
    await aPriceList(shop.knex, {
      starts_at: new Date(start),
      ends_at: new Date(start + 1_500),
      prices: [{ ...price, amount: 900 }],
    });
    await aPriceList(shop.knex, {
      ends_at: new Date(start + 1_500),
      customer_groups: [group.id],
      prices: [{ ...price, amount: 700 }],
    });
    const path = `/store/products/${id}?region_id=${region.id}`;
    const amountFor = async (headers = {}) =>
      (await shop.get(path, headers)).body.product.variants[0].calculated_price;
    const clock = (read: () => Promise<number>) => expect.poll(read, { timeout: 4_000 });
    await soon(() => amountFor(asCustomer(customer.id))).toBe(700);
    expect(await amountFor()).toBe(1000);
    await clock(() => amountFor()).toBe(900);
    expect(Date.now()).toBeGreaterThanOrEqual(start);
    expect(await amountFor(asCustomer(customer.id))).toBe(700);
    await clock(() => amountFor()).toBe(1000);
    expect(await amountFor(asCustomer(customer.id))).toBe(1000);
  });
});
