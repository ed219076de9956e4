import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asCustomer } from "../support/as-customer.ts";
import {
  aCustomer,
  aCustomerGroup,
  aPrice,
  aPriceList,
  aProduct,
  aRegion,
} from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import { isRedisInstalled, startRedis } from "../support/redis-server.ts";
import { countOwnStatements, readFromMemory, soon, untilServing } from "./kept-answers.ts";

type Headers = Readonly<Record<string, string>>;

const stores = isRedisInstalled() ? ["the database", "Redis"] : ["the database"];

describe.each(stores)("prices from memory, with sessions in %s", (store) => {
  const settings: Record<string, string> = { CATALOGUE_MEMORY: "1mb" };
  let redis: Awaited<ReturnType<typeof startRedis>> | undefined;
  beforeAll(async () => {
    redis = store === "Redis" ? await startRedis() : undefined;
    if (redis) settings["REDIS_URL"] = redis.url;
  });
  afterAll(() => redis?.stop());
  const ids = { product: "", region: "", dollars: "" };
  const group = { gold: "", silver: "" };
  const member: Record<string, { id: string; email: string }> = {};

  const shop = openShop({
    settings,
    fill: async (knex) => {
      ids.region = (await aRegion(knex)).id;
      ids.dollars = (await aRegion(knex, { currency_code: "usd" })).id;
      const product = await aProduct(knex, { variants: [{ prices: [{ amount: 1000 }] }] });
      ids.product = product.id;
      const variant_id = product.variants[0]!.id;
      await aPrice(knex, { variant_id, currency_code: "usd", amount: 1200 });
      for (const name of ["gold", "silver", "nobody"]) member[name] = await aCustomer(knex);
      group.gold = (await aCustomerGroup(knex, { customers: [member["gold"]!.id] })).id;
      group.silver = (await aCustomerGroup(knex, { customers: [member["silver"]!.id] })).id;
      for (const [id, amount] of [
        [group.gold, 700],
        [group.silver, 800],
      ] as const)
        await aPriceList(knex, { customer_groups: [id], prices: [{ variant_id, amount }] });
    },
  });

  const path = () => `/store/products/${ids.product}?region_id=${ids.region}`;
  const amountOf = ({
    body,
  }: {
    body: { product: { variants: { calculated_price: number }[] } };
  }) => body.product.variants[0]?.calculated_price;
  const amountFor = async (headers: Headers = {}, address = path()) =>
    amountOf(await shop.get(address, headers));
  const token = (name: string) => asCustomer(member[name]!.id);
  const logIn = async (name: string): Promise<Headers> => {
    const { headers } = await shop.post("/store/auth", {
      email: member[name]!.email,
      password: "correct-horse",
    });
    return { cookie: String(headers["set-cookie"]).split(";")[0] ?? "" };
  };
  const statementsFor = (headers: Headers, address = path()) =>
    countOwnStatements(() => shop.get(address, headers));

  it("take no statement for guests, and one for a token, a session or a cart", async () => {
    const { body } = await shop.post("/store/carts", { region_id: ids.region });
    const ofCart = `/store/products/${ids.product}?cart_id=${body.cart.id}`;
    const session = await logIn("gold");
    await readFromMemory(shop, path());
    expect(await statementsFor({})).toEqual([]);
    expect(await statementsFor({ authorization: "" })).toEqual([]);
    for (const [headers, address, amount] of [
      [token("gold"), path(), 700],
      [session, path(), 700],
      [{}, ofCart, 1000],
      [token("silver"), ofCart, 800],
    ] as const) {
      expect(amountOf(await readFromMemory(shop, address, headers))).toBe(amount);
      await shop.get(address, headers);
      expect(await statementsFor(headers, address)).toHaveLength(1);
    }
  });

  it("never reach another group, however requests interleave", async () => {
    await untilServing(shop);
    const { body } = await shop.post("/store/carts", { region_id: ids.region });
    const inDollars = await shop.post("/store/carts", { region_id: ids.dollars });
    const euros = `/store/products/${ids.product}?cart_id=${body.cart.id}`;
    const dollars = `/store/products/${ids.product}?cart_id=${inDollars.body.cart.id}`;
    const shoppers: readonly (readonly [Headers, number, number])[] = [
      [{}, 1000, 1200],
      [token("nobody"), 1000, 1200],
      [token("gold"), 700, 1200],
      [await logIn("gold"), 700, 1200],
      [token("silver"), 800, 1200],
      [await logIn("silver"), 800, 1200],
      [{ authorization: "Bearer none" }, 1000, 1200],
      [{ cookie: "connect.sid=s%3Anone.none" }, 1000, 1200],
    ];
    for (let round = 0; round < 6; round++) {
      if (round % 2 === 1) shop.memory.drop("any");
      await Promise.all(
        shoppers.flatMap(([headers, inEuros, inOther]) => [
          expect(amountFor(headers)).resolves.toBe(inEuros),
          expect(amountFor(headers, euros)).resolves.toBe(inEuros),
          expect(amountFor(headers, dollars)).resolves.toBe(inOther),
        ]),
      );
    }
  });

  it("may be kept by shared caches for guests only", async () => {
    const session = await logIn("nobody");
    for (const headers of [token("nobody"), session, { authorization: "Bearer none" }]) {
      await shop.get(path(), headers);
      for (let times = 0; times < 3; times++) {
        const { headers: sent } = await shop.get(path(), headers);
        expect(sent["cache-control"]).toBe("private, no-cache");
        const guest = await readFromMemory(shop, path());
        expect(guest.headers["cache-control"]).toBe("public, no-cache");
        expect(guest.headers["set-cookie"]).toBeUndefined();
      }
    }
  });

  it("follow the cart to another region", async () => {
    const { body } = await shop.post("/store/carts", { region_id: ids.region });
    const ofCart = `/store/products/${ids.product}?cart_id=${body.cart.id}`;
    expect(amountOf(await readFromMemory(shop, ofCart))).toBe(1000);
    await shop.post(`/store/carts/${body.cart.id}`, { region_id: ids.dollars });
    expect(await amountFor({}, ofCart)).toBe(1200);
    await shop.knex("cart").where({ id: body.cart.id }).update({ deleted_at: new Date() });
    expect((await shop.get(ofCart)).status).toBe(404);
  });

  it("follow a customer into a group and out of it at once", async () => {
    const customer = await aCustomer(shop.knex);
    const headers = asCustomer(customer.id);
    expect(amountOf(await readFromMemory(shop, path(), headers))).toBe(1000);
    const row = { customer_id: customer.id, customer_group_id: group.gold };
    await shop.knex("customer_group_customers").insert(row);
    expect(await amountFor(headers)).toBe(700);
    expect(amountOf(await readFromMemory(shop, path(), headers))).toBe(700);
    await shop.knex("customer_group_customers").where(row).delete();
    expect(await amountFor(headers)).toBe(1000);
  });

  it("end with the login", async () => {
    const customer = await aCustomer(shop.knex);
    await shop
      .knex("customer_group_customers")
      .insert({ customer_id: customer.id, customer_group_id: group.gold });
    member["leaver"] = customer;
    const [one, other, bearer] = [await logIn("leaver"), await logIn("leaver"), token("leaver")];
    for (const headers of [one, other, bearer])
      expect(amountOf(await readFromMemory(shop, path(), headers))).toBe(700);
    expect((await shop.delete("/store/auth", one)).status).toBe(200);
    expect(await amountFor(one)).toBe(1000);
    expect(await amountFor(other)).toBe(700);
    const later = { version: 1, changed_at: new Date(Date.now() + 2_000) };
    await shop.knex("nettle_password_change").insert({ customer_id: customer.id, ...later });
    for (const headers of [other, bearer]) expect(await amountFor(headers)).toBe(1000);
    await shop.knex("nettle_password_change").where({ customer_id: customer.id }).delete();
    expect(await amountFor(bearer)).toBe(700);
    await shop.knex("customer").where({ id: customer.id }).update({ deleted_at: new Date() });
    expect(await amountFor(bearer)).toBe(1000);
  });

  it("of a group are dropped when its price list changes", async () => {
    expect(amountOf(await readFromMemory(shop, path(), token("silver")))).toBe(800);
    await shop.knex("money_amount").where({ amount: 800 }).update({ amount: 750 });
    await soon(() => amountFor(token("silver"))).toBe(750);
    expect(await amountFor(token("gold"))).toBe(700);
    await shop.knex("money_amount").where({ amount: 750 }).update({ amount: 800 });
    await soon(() => amountFor(token("silver"))).toBe(800);
  });
});
