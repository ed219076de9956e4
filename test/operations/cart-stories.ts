import { aDiscount } from "../support/builders.ts";
import {
  expectBody,
  expectRefusal,
  invalid,
  notAllowed,
  notFound,
  type OperationFixture,
  type Stories,
} from "./operation-fixture.ts";

const aDiscountedCart = async (fixture: OperationFixture, code: string) => {
  await aDiscount(fixture.knex, { code, regions: [fixture.ids.region] });
  return fixture.cart({ discounts: [{ code }] });
};

const unknownCartPath = "/store/carts/cart_nope";

export const cartStories: Stories = {
  "POST /store/carts": {
    works: async (fixture) => {
      const items = [{ variant_id: fixture.ids.variant, quantity: 2 }];
      const answer = await fixture.post("/store/carts", {
        region_id: fixture.ids.region,
        country_code: "de",
        items,
      });
      return expectBody(answer, {
        cart: { items: [{ quantity: 2, unit_price: 1000 }], total: 2380 },
      });
    },
    refuses: async (fixture) =>
      expectRefusal(await fixture.post("/store/carts", { region_id: "reg_nope" }), 404, notFound),
  },
  "GET /store/carts/{id}": {
    works: async (fixture) => {
      const { id } = await fixture.cart();
      return expectBody(await fixture.get(`/store/carts/${id}`), {
        cart: { id, subtotal: 1000, tax_total: 190, total: 1190 },
      });
    },
    refuses: async (fixture) => expectRefusal(await fixture.get(unknownCartPath), 404, notFound),
  },
  "POST /store/carts/{id}": {
    works: async (fixture) => {
      const { id } = await fixture.cart();
      const shipping_address = { first_name: "Ada", city: "Berlin", country_code: "de" };
      const answer = await fixture.post(`/store/carts/${id}`, {
        email: "Ada@example.com",
        shipping_address,
      });
      return expectBody(answer, {
        cart: {
          email: "ada@example.com",
          shipping_address: { city: "Berlin", country_code: "de" },
        },
      });
    },
    refuses: async (fixture) => {
      const { id } = await fixture.cart();
      return expectRefusal(
        await fixture.post(`/store/carts/${id}`, { discounts: [{ code: "NOPE" }] }),
        404,
        notFound,
      );
    },
  },
  "DELETE /store/carts/{id}/discounts/{code}": {
    works: async (fixture) => {
      const { id } = await aDiscountedCart(fixture, "TENOFF");
      expectBody(await fixture.get(`/store/carts/${id}`), { cart: { discount_total: 100 } });
      return expectBody(await fixture.delete(`/store/carts/${id}/discounts/TENOFF`), {
        cart: { discounts: [], discount_total: 0 },
      });
    },
    refuses: async (fixture) =>
      expectRefusal(await fixture.delete(`${unknownCartPath}/discounts/TENOFF`), 404, notFound),
  },
  "POST /store/carts/{id}/line-items": {
    works: async (fixture) => {
      const { id } = await fixture.cart();
      const answer = await fixture.post(`/store/carts/${id}/line-items`, {
        variant_id: fixture.ids.variant,
        quantity: 2,
      });
      return expectBody(answer, { cart: { items: [{ quantity: 3 }], total: 3570 } });
    },
    refuses: async (fixture) => {
      const { id } = await fixture.cart();
      const tooMany = { variant_id: fixture.ids.variant, quantity: 100_000 };
      return expectRefusal(
        await fixture.post(`/store/carts/${id}/line-items`, tooMany),
        400,
        notAllowed,
      );
    },
  },
  "POST /store/carts/{id}/line-items/{line_id}": {
    works: async (fixture) => {
      const { id, line } = await fixture.cart();
      const answer = await fixture.post(`/store/carts/${id}/line-items/${line}`, { quantity: 5 });
      return expectBody(answer, { cart: { items: [{ id: line, quantity: 5 }] } });
    },
    refuses: async (fixture) => {
      const { id } = await fixture.cart();
      return expectRefusal(
        await fixture.post(`/store/carts/${id}/line-items/item_nope`, { quantity: 5 }),
        400,
      );
    },
  },
  "DELETE /store/carts/{id}/line-items/{line_id}": {
    works: async (fixture) => {
      const { id, line } = await fixture.cart();
      return expectBody(await fixture.delete(`/store/carts/${id}/line-items/${line}`), {
        cart: { items: [], total: 0 },
      });
    },
    refuses: async (fixture) => {
      const { line, cart } = await anOrderedLine(fixture);
      return expectRefusal(
        await fixture.delete(`/store/carts/${cart}/line-items/${line}`),
        400,
        notAllowed,
      );
    },
  },
  "POST /store/carts/{id}/shipping-methods": {
    works: async (fixture) => {
      const { id } = await fixture.cart();
      const answer = await fixture.post(`/store/carts/${id}/shipping-methods`, {
        option_id: fixture.ids.option,
      });
      return expectBody(answer, {
        cart: { shipping_methods: [{ price: 500 }], shipping_total: 500 },
      });
    },
    refuses: async (fixture) => {
      const { id } = await fixture.cart();
      return expectRefusal(
        await fixture.post(`/store/carts/${id}/shipping-methods`, { option_id: "so_nope" }),
        404,
        notFound,
      );
    },
  },
  "POST /store/carts/{id}/taxes": {
    works: async (fixture) => {
      const { id } = await fixture.cart();
      await fixture
        .knex("region")
        .where({ id: fixture.ids.region })
        .update({ automatic_taxes: false });
      const answer = await fixture.post(`/store/carts/${id}/taxes`);
      await fixture
        .knex("region")
        .where({ id: fixture.ids.region })
        .update({ automatic_taxes: true });
      return expectBody(answer, { cart: { tax_total: 190 } });
    },
    refuses: async (fixture) =>
      expectRefusal(await fixture.post(`${unknownCartPath}/taxes`), 404, notFound),
  },
  "POST /store/carts/{id}/complete": {
    works: async (fixture) => {
      const { id } = await fixture.cart();
      return expectBody(await fixture.post(`/store/carts/${id}/complete`), {
        type: "order",
        data: { cart_id: id, total: 1190 },
      });
    },
    refuses: async (fixture) => {
      const { body } = await fixture.post("/store/carts", { region_id: fixture.ids.region });
      return expectRefusal(
        await fixture.post(`/store/carts/${body.cart.id}/complete`),
        400,
        invalid,
      );
    },
  },
};

async function anOrderedLine(fixture: OperationFixture) {
  const { id, line } = await fixture.cart();
  await fixture.post(`/store/carts/${id}/complete`);
  return { cart: id, line };
}
