import {
  expectBody,
  expectRefusal,
  invalid,
  notAllowed,
  notFound,
  type Stories,
} from "./operation-fixture.ts";

export const paymentSessionStories: Stories = {
  "POST /store/carts/{id}/payment-sessions": {
    works: async (fixture) => {
      const { id } = await fixture.cart();
      const answer = await fixture.post(`/store/carts/${id}/payment-sessions`);
      return expectBody(answer, {
        cart: { payment_session: { provider_id: "manual", amount: 1190, is_selected: true } },
      });
    },
    refuses: async (fixture) =>
      expectRefusal(await fixture.post("/store/carts/cart_nope/payment-sessions"), 404, notFound),
  },
  "POST /store/carts/{id}/payment-session": {
    works: async (fixture) => {
      const { id } = await fixture.cart();
      const answer = await fixture.post(`/store/carts/${id}/payment-session`, {
        provider_id: "manual",
      });
      return expectBody(answer, {
        cart: { payment_session: { provider_id: "manual", is_selected: true } },
      });
    },
    refuses: async (fixture) => {
      const { id } = await fixture.cart();
      return expectRefusal(
        await fixture.post(`/store/carts/${id}/payment-session`, { provider_id: "nope" }),
        400,
        notAllowed,
      );
    },
  },
  "POST /store/carts/{id}/payment-sessions/{provider_id}": {
    works: async (fixture) => {
      const { id } = await fixture.cart();
      const answer = await fixture.post(`/store/carts/${id}/payment-sessions/manual`, {
        data: { data: { reference: "PO-77" } },
      });
      return expectBody(answer, { cart: { payment_session: { data: { reference: "PO-77" } } } });
    },
    refuses: async (fixture) => {
      const { id } = await fixture.cart();
      return expectRefusal(
        await fixture.post(`/store/carts/${id}/payment-sessions/manual`, { data: "PO-77" }),
        400,
        invalid,
      );
    },
  },
  "DELETE /store/carts/{id}/payment-sessions/{provider_id}": {
    works: async (fixture) => {
      const { id } = await fixture.cart();
      return expectBody(await fixture.delete(`/store/carts/${id}/payment-sessions/manual`), {
        cart: { payment_sessions: [] },
      });
    },
    refuses: async (fixture) => {
      const { cart } = await fixture.order();
      return expectRefusal(
        await fixture.delete(`/store/carts/${cart}/payment-sessions/manual`),
        400,
        notAllowed,
      );
    },
  },
  "POST /store/carts/{id}/payment-sessions/{provider_id}/refresh": {
    works: async (fixture) => {
      const { id } = await fixture.cart();
      const answer = await fixture.post(`/store/carts/${id}/payment-sessions/manual/refresh`);
      return expectBody(answer, {
        cart: { payment_sessions: [{ provider_id: "manual", is_selected: null }] },
      });
    },
    refuses: async (fixture) => {
      const { cart } = await fixture.order();
      return expectRefusal(
        await fixture.post(`/store/carts/${cart}/payment-sessions/manual/refresh`),
        400,
        notAllowed,
      );
    },
  },
};
