import {
  expectBody,
  expectRefusal,
  expectText,
  notFound,
  type Stories,
} from "./operation-fixture.ts";

const guest = "guest@example.com";

export const orderStories: Stories = {
  "GET /store/orders": {
    works: async (fixture) => {
      const { id } = await fixture.order();
      const { display_id } = await fixture.knex("order").where({ id }).first("display_id");
      const answer = await fixture.get(`/store/orders?display_id=${display_id}&email=${guest}`);
      return expectBody(answer, { order: { id, display_id, total: 1190 } });
    },
    refuses: async (fixture) => {
      const answer = await fixture.get(`/store/orders?display_id=999999&email=${guest}`);
      return expectRefusal(expectText(answer, "Not Found"), 404);
    },
  },
  "GET /store/orders/{id}": {
    works: async (fixture) => {
      const { id, cart } = await fixture.order();
      return expectBody(await fixture.get(`/store/orders/${id}`), {
        order: { id, cart_id: cart, total: 1190, paid_total: 1190 },
      });
    },
    refuses: async (fixture) =>
      expectRefusal(await fixture.get("/store/orders/order_nope"), 404, notFound),
  },
  "GET /store/orders/cart/{cart_id}": {
    works: async (fixture) => {
      const { id, cart } = await fixture.order();
      return expectBody(await fixture.get(`/store/orders/cart/${cart}`), {
        order: { id, payments: [{ amount: 1190 }] },
      });
    },
    refuses: async (fixture) => {
      const { id } = await fixture.cart();
      return expectRefusal(await fixture.get(`/store/orders/cart/${id}`), 404, notFound);
    },
  },
};
