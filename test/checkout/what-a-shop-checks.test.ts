import { beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../src/database/new-id.ts";
import { asCustomer } from "../support/as-customer.ts";
import {
  aCustomer,
  aCustomerGroup,
  aDiscount,
  aFilledCart,
  aGuest,
  aProduct,
  aShippingOption,
  aShopSetup,
} from "../support/builders.ts";
import { openShop, type Shop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

const HOUR = 3_600_000;

/** What a shop would look at before it takes money: goods, codes, shipping. */
describe("completing a cart", () => {
  const shop = openShop();
  let setup: Awaited<ReturnType<typeof aShopSetup>>;
  beforeAll(async () => {
    setup = await aShopSetup(shop.knex, { stock: 1000 });
  });
  const complete = (id: string) => shop.post(`/store/carts/${id}/complete`);
  const read = async (id: string) => (await shop.get(`/store/carts/${id}`)).body.cart;

  describe("with a code that could not be posted any more", () => {
    const update = (columns: object) => async (id: string) => {
      await shop.knex("discount").where({ id }).update(columns);
    };
    const cases: [string, (id: string) => Promise<unknown>][] = [
      ["that has ended", update({ ends_at: new Date(Date.now() - HOUR) })],
      ["that has not begun", update({ starts_at: new Date(Date.now() + HOUR) })],
      ["that was disabled", update({ is_disabled: true })],
      ["that is used up", update({ usage_limit: 3, usage_count: 3 })],
      [
        "that left the region",
        (discount_id) => shop.knex("discount_regions").where({ discount_id }).delete(),
      ],
      [
        "that is now for a group",
        async (id) => {
          const { rule_id } = await shop.knex("discount").where({ id }).first("rule_id");
          await shop.knex("discount_condition").insert({
            id: newId("discon"),
            type: "customer_groups",
            operator: "in",
            discount_rule_id: rule_id,
          });
        },
      ],
    ];
    for (const type of ["percentage", "free_shipping"] as const)
      it.each(cases)(
        `refuses one %s, touches nothing, and goes on without it (${type})`,
        async (_, end) => {
          const code = newId("CODE").toUpperCase();
          const regions = [setup.regionId];
          const discount = await aDiscount(shop.knex, { code, type, regions });
          const option = await aShippingOption(shop.knex, { region_id: setup.regionId });
          const id = await aFilledCart(shop, setup);
          const path = `/store/carts/${id}`;
          await shop.post(`${path}/shipping-methods`, { option_id: option.id });
          await shop.post(path, { discounts: [{ code }] });
          await shop.post(`${path}/payment-sessions`);
          const before = await read(id);
          expect(before.total).toBe(type === "percentage" ? 1400 : 1000);
          await end(discount.id);

          expect(await complete(id)).toBeRefused(400);
          expect(await read(id)).toMatchObject({
            completed_at: null,
            payment_session: before.payment_session,
          });

          const { body } = await shop.post(`${path}/payment-sessions`);
          expect(body.cart).toMatchObject({ discounts: [], total: 1500 });
          expect(body.cart.payment_session.amount).toBe(1500);
          const { body: completed } = await complete(id);
          expect(completed.data).toMatchObject({ discount_total: 0, total: 1500, discounts: [] });
        },
      );

    it("drops it at the next change, with the new sum shown", async () => {
      const discount = await aDiscount(shop.knex, { code: "SOON", regions: [setup.regionId] });
      const id = await aFilledCart(shop, setup, { discounts: ["SOON"] });
      await shop.knex("discount").where({ id: discount.id }).update({ is_disabled: true });
      const { body } = await shop.post(`/store/carts/${id}`, { context: { page: "cart" } });
      expect(body.cart).toMatchObject({ discounts: [], total: 1000 });
      expect(body.cart.payment_session.amount).toBe(1000);
    });

    it("refuses the code of a group that the customer has left", async () => {
      const customer_id = (await aCustomer(shop.knex)).id;
      const group = (await aCustomerGroup(shop.knex, { customers: [customer_id] })).id;
      await aDiscount(shop.knex, {
        code: "CLUB",
        regions: [setup.regionId],
        conditions: [{ type: "customer_groups", operator: "in", ids: [group] }],
      });
      const { body } = await shop.post(
        "/store/carts",
        { region_id: setup.regionId, items: [{ variant_id: setup.variantId, quantity: 1 }] },
        asCustomer(customer_id),
      );
      const path = `/store/carts/${body.cart.id}`;
      await shop.post(path, { discounts: [{ code: "CLUB" }] }, asCustomer(customer_id));
      await shop.post(`${path}/payment-sessions`);
      expect((await read(body.cart.id)).total).toBe(900);
      await shop.knex("customer_group_customers").where({ customer_id }).delete();
      expect(await complete(body.cart.id)).toBeRefused(400, { type: "not_allowed" });
    });

    it("refuses a code that is not for the group of whoever completes a guest's cart", async () => {
      const member = (await aCustomer(shop.knex)).id;
      const group = (await aCustomerGroup(shop.knex, { customers: [member] })).id;
      await aDiscount(shop.knex, {
        code: "NEWCOMER",
        regions: [setup.regionId],
        conditions: [{ type: "customer_groups", operator: "not_in", ids: [group] }],
      });
      const id = await aFilledCart(shop, setup, { discounts: ["NEWCOMER"] });
      const path = `/store/carts/${id}`;
      const asMember = asCustomer(member);
      expect(await shop.post(`${path}/complete`, {}, asMember)).toBeRefused(400, {
        type: "not_allowed",
        message: /NEWCOMER/,
      });
      const { body } = await shop.post(`${path}/payment-sessions`, {}, asMember);
      expect(body.cart).toMatchObject({ discounts: [], total: 1000 });
      const { body: completed } = await shop.post(`${path}/complete`, {}, asMember);
      expect(completed.data).toMatchObject({ discount_total: 0, total: 1000 });
    });

    it("lets nobody use a group's code by typing the e-mail of a member", async () => {
      const guest = await aGuest(shop.knex);
      const group = (await aCustomerGroup(shop.knex, { customers: [guest.id] })).id;
      await aDiscount(shop.knex, {
        code: "MEMBERS",
        regions: [setup.regionId],
        conditions: [{ type: "customer_groups", operator: "in", ids: [group] }],
      });
      const id = await aFilledCart(shop, setup, { email: guest.email });
      expect(
        await shop.post(`/store/carts/${id}`, { discounts: [{ code: "MEMBERS" }] }),
      ).toBeRefused(400, { type: "not_allowed" });
    });
  });

  describe("with goods that are not for sale any more", () => {
    const aCartOf = async (variantId: string) => aFilledCart(shop, { ...setup, variantId });
    const update = (table: string, columns: object) => (id: string) =>
      shop.knex(table).where({ id }).update(columns);
    it.each<[string, (product: { id: string; variants: { id: string }[] }) => Promise<unknown>]>([
      ["unpublished", ({ id }) => update("product", { status: "draft" })(id)],
      ["rejected", ({ id }) => update("product", { status: "rejected" })(id)],
      ["deleted", ({ id }) => update("product", { deleted_at: new Date() })(id)],
      [
        "deleted as a variant",
        ({ variants }) => update("product_variant", { deleted_at: new Date() })(variants[0]!.id),
      ],
      [
        "taken off the channel",
        ({ id }) => shop.knex("product_sales_channel").where({ product_id: id }).delete(),
      ],
    ])("refuses a product that was %s, by its name", async (_, withdraw) => {
      const product = await aProduct(shop.knex, { title: newId("Kettle") });
      const id = await aCartOf(product.variants[0]!.id);
      await withdraw(product);
      const title = (await read(id)).items[0].title;
      expect(await complete(id)).toBeRefused(400, {
        type: "not_allowed",
        message: new RegExp(title),
      });
      const [line] = (await read(id)).items;
      const { body } = await shop.delete(`/store/carts/${id}/line-items/${line.id}`);
      expect(body.cart).toMatchObject({ items: [], total: 0 });
    });

    it.each(["draft", "proposed", "rejected"])("sells no product that is %s", async (status) => {
      const variant_id = (await aProduct(shop.knex, { status })).variants[0]!.id;
      const items = [{ variant_id, quantity: 1 }];
      const refusal = { type: "invalid_data", message: new RegExp(variant_id) };
      expect(await shop.post("/store/carts", { region_id: setup.regionId, items })).toBeRefused(
        400,
        refusal,
      );
      const id = await aFilledCart(shop, setup);
      expect(await shop.post(`/store/carts/${id}/line-items`, items[0])).toBeRefused(400, refusal);
    });

    it("sells what the shop put into the cart by hand, published or not", async () => {
      const product = await aProduct(shop.knex);
      const id = await aCartOf(product.variants[0]!.id);
      await shop.knex("product").where({ id: product.id }).update({ status: "draft" });
      await shop.knex("line_item").where({ cart_id: id }).update({ should_merge: false });
      expect((await complete(id)).body).toMatchObject({ type: "order", data: { total: 1000 } });
    });
  });

  it("with less stock than its lines need together names the variant once", async () => {
    const scarce = await aShopSetup(shop.knex, { stock: 3 });
    const id = await aFilledCart(shop, scarce, { quantity: 2 });
    const line = { variant_id: scarce.variantId, quantity: 2, metadata: { engraved: true } };
    await shop.post(`/store/carts/${id}/line-items`, line);
    await shop.post(`/store/carts/${id}/payment-sessions`);
    const { status, body } = await complete(id);
    expect(status).toBe(409);
    expect(body.errors).toHaveLength(1);
    expect(body.message.split(scarce.variantId)).toHaveLength(2);
  });

  describe("with a shipping method that a change took away", () => {
    it("refuses until one is chosen again", async () => {
      const option = await aShippingOption(shop.knex, { region_id: setup.regionId });
      const id = await aFilledCart(shop, setup);
      const path = `/store/carts/${id}`;
      const choose = () => shop.post(`${path}/shipping-methods`, { option_id: option.id });
      await choose();
      const { body } = await shop.post(`${path}/line-items/${(await read(id)).items[0].id}`, {
        quantity: 2,
      });
      expect(body.cart.shipping_methods).toEqual([]);
      await shop.post(`${path}/payment-sessions`);
      expect(await complete(id)).toBeRefused(400, { type: "not_allowed", message: /shipping/ });
      await choose();
      await shop.post(`${path}/payment-sessions`);
      expect((await complete(id)).body.data).toMatchObject({ total: 2500 });
    });

    it("completes a cart that never had one, as Medusa does", async () => {
      await aShippingOption(shop.knex, { region_id: setup.regionId });
      const id = await aFilledCart(shop, setup);
      expect((await complete(id)).status).toBe(200);
    });
  });
});

const openedWith = (settings: Record<string, string>) => {
  const shop = openShop({ settings });
  return {
    shop,
    aCart: (setup: Awaited<ReturnType<typeof aShopSetup>>) => aFilledCart(shop, setup),
  };
};
const complete = (shop: Shop, id: string) => shop.post(`/store/carts/${id}/complete`);

describe("completing a cart in a shop that always ships", () => {
  const { shop, aCart } = openedWith({ COMPLETE_WITHOUT_SHIPPING: "refuse" });
  it("refuses goods without a shipping method, where one could be chosen", async () => {
    const setup = await aShopSetup(shop.knex);
    const id = await aCart(setup);
    const option = await aShippingOption(shop.knex, { region_id: setup.regionId });
    expect(await complete(shop, id)).toBeRefused(400, { type: "not_allowed" });
    await shop.post(`/store/carts/${id}/shipping-methods`, { option_id: option.id });
    await shop.post(`/store/carts/${id}/payment-sessions`);
    expect((await complete(shop, id)).body.type).toBe("order");
    const elsewhere = await aShopSetup(shop.knex);
    expect((await complete(shop, await aCart(elsewhere))).body.type).toBe("order");
  });
});

describe("completing a cart in a shop that works as with Medusa", () => {
  const { shop, aCart } = openedWith({
    COMPLETE_WITHOUT_SHIPPING: "allow",
    SELL_UNPUBLISHED: "on",
  });
  it("sells drafts, and goods whose shipping method a change took away", async () => {
    const setup = await aShopSetup(shop.knex);
    const option = await aShippingOption(shop.knex, { region_id: setup.regionId });
    const { product_id } = await shop
      .knex("product_variant")
      .where({ id: setup.variantId })
      .first();
    await shop.knex("product").where({ id: product_id }).update({ status: "draft" });
    const id = await aCart(setup);
    const path = `/store/carts/${id}`;
    await shop.post(`${path}/shipping-methods`, { option_id: option.id });
    await shop.post(`${path}/line-items`, { variant_id: setup.variantId, quantity: 1 });
    await shop.post(`${path}/payment-sessions`);
    expect((await complete(shop, id)).body).toMatchObject({ type: "order", data: { total: 2000 } });
  });
});
