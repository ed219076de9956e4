import { holding, notFound, refused, type Stories, saying } from "./stage.ts";

const guest = "guest@example.com";

export const orderStories: Stories = {
  "GET /store/orders": {
    works: async (stage) => {
      const { id } = await stage.order();
      const { display_id } = await stage.knex("order").where({ id }).first("display_id");
      const answer = await stage.get(`/store/orders?display_id=${display_id}&email=${guest}`);
      return holding(answer, { order: { id, display_id, total: 1190 } });
    },
    refuses: async (stage) => {
      const answer = await stage.get(`/store/orders?display_id=999999&email=${guest}`);
      return refused(saying(answer, "Not Found"), 404);
    },
  },
  "GET /store/orders/{id}": {
    works: async (stage) => {
      const { id, cart } = await stage.order();
      return holding(await stage.get(`/store/orders/${id}`), { order: { id, cart_id: cart, total: 1190, paid_total: 1190 } });
    },
    refuses: async (stage) => refused(await stage.get("/store/orders/order_nope"), 404, notFound),
  },
  "GET /store/orders/cart/{cart_id}": {
    works: async (stage) => {
      const { id, cart } = await stage.order();
      return holding(await stage.get(`/store/orders/cart/${cart}`), { order: { id, payments: [{ amount: 1190 }] } });
    },
    refuses: async (stage) => {
      const { id } = await stage.cart();
      return refused(await stage.get(`/store/orders/cart/${id}`), 404, notFound);
    },
  },
};
