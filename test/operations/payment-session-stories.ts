import { holding, invalid, notAllowed, notFound, refused, type Stories } from "./stage.ts";

export const paymentSessionStories: Stories = {
  "POST /store/carts/{id}/payment-sessions": {
    works: async (stage) => {
      const { id } = await stage.cart();
      const answer = await stage.post(`/store/carts/${id}/payment-sessions`);
      return holding(answer, { cart: { payment_session: { provider_id: "manual", amount: 1190, is_selected: true } } });
    },
    refuses: async (stage) => refused(await stage.post("/store/carts/cart_nope/payment-sessions"), 404, notFound),
  },
  "POST /store/carts/{id}/payment-session": {
    works: async (stage) => {
      const { id } = await stage.cart();
      const answer = await stage.post(`/store/carts/${id}/payment-session`, { provider_id: "manual" });
      return holding(answer, { cart: { payment_session: { provider_id: "manual", is_selected: true } } });
    },
    refuses: async (stage) => {
      const { id } = await stage.cart();
      return refused(await stage.post(`/store/carts/${id}/payment-session`, { provider_id: "nope" }), 400, notAllowed);
    },
  },
  "POST /store/carts/{id}/payment-sessions/{provider_id}": {
    works: async (stage) => {
      const { id } = await stage.cart();
      const answer = await stage.post(`/store/carts/${id}/payment-sessions/manual`, { data: { data: { reference: "PO-77" } } });
      return holding(answer, { cart: { payment_session: { data: { reference: "PO-77" } } } });
    },
    refuses: async (stage) => {
      const { id } = await stage.cart();
      return refused(await stage.post(`/store/carts/${id}/payment-sessions/manual`, { data: "PO-77" }), 400, invalid);
    },
  },
  "DELETE /store/carts/{id}/payment-sessions/{provider_id}": {
    works: async (stage) => {
      const { id } = await stage.cart();
      return holding(await stage.delete(`/store/carts/${id}/payment-sessions/manual`), { cart: { payment_sessions: [] } });
    },
    refuses: async (stage) => {
      const { cart } = await stage.order();
      return refused(await stage.delete(`/store/carts/${cart}/payment-sessions/manual`), 400, notAllowed);
    },
  },
  "POST /store/carts/{id}/payment-sessions/{provider_id}/refresh": {
    works: async (stage) => {
      const { id } = await stage.cart();
      const answer = await stage.post(`/store/carts/${id}/payment-sessions/manual/refresh`);
      return holding(answer, { cart: { payment_sessions: [{ provider_id: "manual", is_selected: null }] } });
    },
    refuses: async (stage) => {
      const { cart } = await stage.order();
      return refused(await stage.post(`/store/carts/${cart}/payment-sessions/manual/refresh`), 400, notAllowed);
    },
  },
};
