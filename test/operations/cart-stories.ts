import { aDiscount } from "../support/cart-builders.ts";
import { holding, invalid, notAllowed, notFound, refused, type Stage, type Stories } from "./stage.ts";

const discounted = async (stage: Stage, code: string) => {
  await aDiscount(stage.knex, { code, regions: [stage.set.region] });
  return stage.cart({ discounts: [{ code }] });
};

/** Nobody knows such a cart. */
const nobodys = "/store/carts/cart_nope";

export const cartStories: Stories = {
  "POST /store/carts": {
    works: async (stage) => {
      const items = [{ variant_id: stage.set.variant, quantity: 2 }];
      const answer = await stage.post("/store/carts", { region_id: stage.set.region, country_code: "de", items });
      return holding(answer, { cart: { items: [{ quantity: 2, unit_price: 1000 }], total: 2380 } });
    },
    refuses: async (stage) => refused(await stage.post("/store/carts", { region_id: "reg_nope" }), 404, notFound),
  },
  "GET /store/carts/{id}": {
    works: async (stage) => {
      const { id } = await stage.cart();
      return holding(await stage.get(`/store/carts/${id}`), { cart: { id, subtotal: 1000, tax_total: 190, total: 1190 } });
    },
    refuses: async (stage) => refused(await stage.get(nobodys), 404, notFound),
  },
  "POST /store/carts/{id}": {
    works: async (stage) => {
      const { id } = await stage.cart();
      const shipping_address = { first_name: "Ada", city: "Berlin", country_code: "de" };
      const answer = await stage.post(`/store/carts/${id}`, { email: "Ada@example.com", shipping_address });
      return holding(answer, { cart: { email: "ada@example.com", shipping_address: { city: "Berlin", country_code: "de" } } });
    },
    refuses: async (stage) => {
      const { id } = await stage.cart();
      return refused(await stage.post(`/store/carts/${id}`, { discounts: [{ code: "NOPE" }] }), 404, notFound);
    },
  },
  "DELETE /store/carts/{id}/discounts/{code}": {
    works: async (stage) => {
      const { id } = await discounted(stage, "TENOFF");
      holding(await stage.get(`/store/carts/${id}`), { cart: { discount_total: 100 } });
      return holding(await stage.delete(`/store/carts/${id}/discounts/TENOFF`), { cart: { discounts: [], discount_total: 0 } });
    },
    refuses: async (stage) => refused(await stage.delete(`${nobodys}/discounts/TENOFF`), 404, notFound),
  },
  "POST /store/carts/{id}/line-items": {
    works: async (stage) => {
      const { id } = await stage.cart();
      const answer = await stage.post(`/store/carts/${id}/line-items`, { variant_id: stage.set.variant, quantity: 2 });
      return holding(answer, { cart: { items: [{ quantity: 3 }], total: 3570 } });
    },
    refuses: async (stage) => {
      const { id } = await stage.cart();
      const tooMany = { variant_id: stage.set.variant, quantity: 100_000 };
      return refused(await stage.post(`/store/carts/${id}/line-items`, tooMany), 400, notAllowed);
    },
  },
  "POST /store/carts/{id}/line-items/{line_id}": {
    works: async (stage) => {
      const { id, line } = await stage.cart();
      const answer = await stage.post(`/store/carts/${id}/line-items/${line}`, { quantity: 5 });
      return holding(answer, { cart: { items: [{ id: line, quantity: 5 }] } });
    },
    refuses: async (stage) => {
      const { id } = await stage.cart();
      return refused(await stage.post(`/store/carts/${id}/line-items/item_nope`, { quantity: 5 }), 400);
    },
  },
  "DELETE /store/carts/{id}/line-items/{line_id}": {
    works: async (stage) => {
      const { id, line } = await stage.cart();
      return holding(await stage.delete(`/store/carts/${id}/line-items/${line}`), { cart: { items: [], total: 0 } });
    },
    refuses: async (stage) => {
      const { line, cart } = await orderedLine(stage);
      return refused(await stage.delete(`/store/carts/${cart}/line-items/${line}`), 400, notAllowed);
    },
  },
  "POST /store/carts/{id}/shipping-methods": {
    works: async (stage) => {
      const { id } = await stage.cart();
      const answer = await stage.post(`/store/carts/${id}/shipping-methods`, { option_id: stage.set.option });
      return holding(answer, { cart: { shipping_methods: [{ price: 500 }], shipping_total: 500 } });
    },
    refuses: async (stage) => {
      const { id } = await stage.cart();
      return refused(await stage.post(`/store/carts/${id}/shipping-methods`, { option_id: "so_nope" }), 404, notFound);
    },
  },
  "POST /store/carts/{id}/taxes": {
    works: async (stage) => {
      const { id } = await stage.cart();
      await stage.knex("region").where({ id: stage.set.region }).update({ automatic_taxes: false });
      const answer = await stage.post(`/store/carts/${id}/taxes`);
      await stage.knex("region").where({ id: stage.set.region }).update({ automatic_taxes: true });
      return holding(answer, { cart: { tax_total: 190 } });
    },
    refuses: async (stage) => refused(await stage.post(`${nobodys}/taxes`), 404, notFound),
  },
  "POST /store/carts/{id}/complete": {
    works: async (stage) => {
      const { id } = await stage.cart();
      return holding(await stage.post(`/store/carts/${id}/complete`), { type: "order", data: { cart_id: id, total: 1190 } });
    },
    refuses: async (stage) => {
      const { body } = await stage.post("/store/carts", { region_id: stage.set.region });
      return refused(await stage.post(`/store/carts/${body.cart.id}/complete`), 400, invalid);
    },
  },
};

async function orderedLine(stage: Stage) {
  const { id, line } = await stage.cart();
  await stage.post(`/store/carts/${id}/complete`);
  return { cart: id, line };
}
