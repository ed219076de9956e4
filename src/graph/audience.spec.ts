import { describe, expect, it } from "vitest";
import { audienceOf, followPath } from "./audience.ts";
import { cart } from "./entities/cart-entities.ts";
import { order } from "./entities/order-entities.ts";
import { schema } from "./schema.ts";

describe("the audience of relations", () => {
  it("is declared for every relation of every entity", () => {
    const undeclared = [...schema.values()].flatMap((entity) =>
      Object.keys(entity.relations)
        .filter((name) => audienceOf(entity, name) === undefined)
        .map((name) => `${entity.name}.${name}`),
    );
    expect(undeclared).toEqual([]);
  });

  it("closes every relation to a price, price list or group, but the customer's own groups", () => {
    const inner = new Set(["money_amount", "price_list", "customer_group", "discount_condition"]);
    const open = [...schema.values()].flatMap((entity) =>
      Object.entries(entity.relations)
        .filter(([name, { entity: to }]) => inner.has(to) && audienceOf(entity, name) !== "shop")
        .map(([name]) => `${entity.name}.${name}: ${audienceOf(entity, name)}`),
    );
    expect(open).toEqual(["customer.groups: owner"]);
  });

  it.each([
    ["items.variant.product", "anyone", "product"],
    ["customer", "anyone", "customer"],
    ["customer.orders", "anyone", undefined],
    ["customer.orders", "owner", "order"],
    ["items.swap.order.customer", "anyone", undefined],
    ["items.cart.customer", "owner", undefined],
    ["items.variant.prices", "owner", undefined],
    ["shipping_address.customer", "owner", undefined],
    ["constructor", "owner", undefined],
  ] as const)("lets %s of a cart lead for %s to %s", (path, reader, end) => {
    expect(followPath(cart, path.split("."), reader)?.name).toBe(end);
  });

  it("never leads back", () => {
    expect(followPath(order, ["customer", "orders"], "owner")).toBeUndefined();
    expect(followPath(order, ["items", "order"], "owner")).toBeUndefined();
    expect(followPath(order, ["cart", "customer"], "owner")?.name).toBe("customer");
  });
});
