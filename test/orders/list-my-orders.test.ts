import { beforeAll, describe, expect, it } from "vitest";
import { asCustomer } from "../support/as-customer.ts";
import { aCustomer, anOrder } from "../support/builders.ts";
import { countStatements } from "../support/count-statements.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

describe("listing my orders", () => {
  const shop = openShop();
  let me: Record<string, string>;
  let first: { id: string; display_id: number };
  const list = (query = "") => shop.get(`/store/customers/me/orders${query}`, me);
  const numbers = async (query: string) =>
    (await list(query)).body.orders.map(
      (order: { display_id: number }) => order.display_id - first.display_id,
    );

  beforeAll(async () => {
    const customer_id = (await aCustomer(shop.knex, { first_name: "Ada" })).id;
    me = asCustomer(customer_id);
    first = await anOrder(shop.knex, { customer_id, created_at: "2024-01-01T00:00:00Z" });
    await anOrder(shop.knex, {
      customer_id,
      created_at: "2024-02-01T00:00:00Z",
      status: "canceled",
      canceled_at: new Date(),
    });
    await anOrder(shop.knex, {
      customer_id,
      created_at: "2024-03-01T00:00:00Z",
      email: "ada@example.com",
      tax_rate: 25,
    });
    await anOrder(shop.knex);
  });

  it("refuses requests without a login", async () => {
    expect(await shop.get("/store/customers/me/orders")).toMatchObject({
      status: 401,
      text: "Unauthorized",
    });
  });

  it("refuses invalid parameters", async () => {
    expect(await list("?limit=x&offset=y&order=display_id&status[]=lost")).toBeRefused(400, {
      message:
        "property order should not exist, each value in status must be one of the following " +
        "values: pending, completed, archived, canceled, requires_action, " +
        "limit must be a number conforming to the specified constraints, " +
        "offset must be a number conforming to the specified constraints",
    });
    for (const query of [
      "?limit=-1",
      "?offset=2.5",
      "?limit=100000",
      "?display_id=4.5",
      "?display_id[]=1",
      "?tax_rate=much",
      "?tax_rate=1e400",
      "?created_at[gt]=",
      "?q=%00",
      "?fields=nonsense",
      "?expand=bogus",
      "?expand=customer.password_hash",
      "?fields=customer.password_hash",
      "?expand=discounts.rule.conditions",
      "?expand=gift_cards.order",
      "?expand=customer.groups.customers",
      `?expand=${"items.order.".repeat(100)}items`,
    ])
      expect(await list(query), query).toBeRefused(400);
  });

  it("returns only my orders with totals, newest first", async () => {
    const { body } = await list();
    expect(body).toMatchObject({ count: 3, offset: 0, limit: 10 });
    expect(body.orders.map((order: { total: number }) => order.total)).toEqual([1875, 1740, 1740]);
    expect(body.orders[0]).toMatchObject({
      object: "order",
      swaps: [],
      claims: [],
      refunds: [],
      raw_discount_total: 0,
    });
    expect(await numbers("?limit=1&offset=1")).toEqual([1]);
    expect((await list("?limit=0")).body).toMatchObject({ count: 3, limit: 0 });
  });

  it.each([
    ["?status[]=canceled", [1]],
    ["?status=pending&payment_status[]=captured", [2, 0]],
    ["?payment_status=refunded", []],
    ["?canceled_at[gt]=2024-01-01", [1]],
    ["?created_at[gte]=2024-02-01T00:00:00Z&created_at[lt]=2024-03-01T00:00:00Z", [1]],
    ["?email=ada@example.com", [2]],
    ["?tax_rate=25", [2]],
    ["?q=ADA@", [2]],
    ["?q=ada", [2, 1, 0]],
    ["?q=100%25", []],
    ["?id=order_nope", []],
    ["?cart_id=cart_nope", []],
    ["?currency_code=usd", []],
  ])("filters by %s", async (query, expected) => {
    expect(await numbers(query)).toEqual(expected);
  });

  it("filters by number", async () => {
    expect(await numbers(`?display_id=${first.display_id}`)).toEqual([0]);
  });

  it("returns requested relations and only the totals that are named", async () => {
    const { orders } = (
      await list(
        "?fields=id,total&expand=billing_address,items.variant.product,customer.groups&limit=1",
      )
    ).body;
    expect(orders[0]).toMatchObject({
      total: 1875,
      billing_address: null,
      customer: { groups: [] },
    });
    expect(orders[0]).not.toHaveProperty("subtotal");
    expect(orders[0].items[0].variant.product).toHaveProperty("profile_id");
    expect(orders[0].customer).not.toHaveProperty("password_hash");
  });

  it("ignores relations in `fields`", async () => {
    const { orders } = (await list("?fields=status,edits,customer&expand=region&limit=1")).body;
    expect(orders[0]).toMatchObject({ status: "pending", region: {} });
    for (const name of ["edits", "customer", "email"])
      expect(orders[0], name).not.toHaveProperty(name);
    expect((await list("?fields=-region&limit=1")).body).toEqual((await list("?limit=1")).body);
  });

  it("takes a fixed number of statements", async () => {
    const statementsOf = async (path: string) =>
      (await countStatements(() => shop.get(path, me))).length;
    const login = 1;
    expect(await statementsOf("/store/customers/me/orders")).toBe(login + 2);
    expect(await statementsOf("/store/customers/me/orders?limit=1")).toBe(login + 2);
    expect(await statementsOf(`/store/orders/${first.id}`)).toBe(login + 1);
  });
});
