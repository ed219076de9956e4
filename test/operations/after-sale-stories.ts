import { expect } from "vitest";
import { anOrderEdit } from "../support/order-edit-builders.ts";
import { aSentOrder, swapOf } from "../swaps/a-swap.ts";
import { holding, notAllowed, notFound, refused, type Stage, type Stories } from "./stage.ts";

/** The stage as a stall that sends and swaps. */
const stallOf = ({ set }: Stage) => ({ regionId: set.region, productId: set.product, variantId: set.variant });
const anEdit = (stage: Stage, wish: object = {}) => anOrderEdit(stage.knex, { order: { region_id: stage.set.region }, ...wish });

export const afterSaleStories: Stories = {
  "POST /store/returns": {
    works: async (stage) => {
      const order = await aSentOrder(stage.knex, stallOf(stage));
      const items = [{ item_id: order.lines[0], quantity: 1 }];
      const answer = await stage.post("/store/returns", { order_id: order.id, items });
      return holding(answer, { return: { order_id: order.id, status: "requested", refund_amount: 1190 } });
    },
    refuses: async (stage) => {
      const order = await aSentOrder(stage.knex, stallOf(stage));
      const items = [{ item_id: order.lines[0], quantity: 3 }];
      return refused(await stage.post("/store/returns", { order_id: order.id, items }), 400, notAllowed);
    },
  },
  "POST /store/swaps": {
    works: async (stage) => {
      const order = await aSentOrder(stage.knex, stallOf(stage));
      const answer = await stage.post("/store/swaps", swapOf(order, stallOf(stage)));
      return holding(answer, {
        swap: { order_id: order.id, cart_id: expect.any(String), return_order: { status: "requested" } },
      });
    },
    refuses: async (stage) => {
      const order = await aSentOrder(stage.knex, stallOf(stage), { payment_status: "awaiting" });
      return refused(await stage.post("/store/swaps", swapOf(order, stallOf(stage))), 400, notAllowed);
    },
  },
  "GET /store/swaps/{cart_id}": {
    works: async (stage) => {
      const order = await aSentOrder(stage.knex, stallOf(stage));
      const { body } = await stage.post("/store/swaps", swapOf(order, stallOf(stage)));
      return holding(await stage.get(`/store/swaps/${body.swap.cart_id}`), { swap: { id: body.swap.id, order_id: order.id } });
    },
    refuses: async (stage) => {
      const { id } = await stage.cart();
      return refused(await stage.get(`/store/swaps/${id}`), 404, notFound);
    },
  },
  "GET /store/order-edits/{id}": {
    works: async (stage) => {
      const { id, orderId } = await anEdit(stage);
      return holding(await stage.get(`/store/order-edits/${id}`), { order_edit: { order_id: orderId, difference_due: 1190 } });
    },
    refuses: async (stage) => {
      const { id } = await anEdit(stage);
      return refused(await stage.get(`/store/order-edits/${id}?fields=internal_note`), 400);
    },
  },
  "POST /store/order-edits/{id}/complete": {
    works: async (stage) => {
      const { id, orderId } = await anEdit(stage);
      const answer = await stage.post(`/store/order-edits/${id}/complete`);
      const { body } = await stage.get(`/store/orders/${orderId}`);
      expect(body.order.items).toHaveLength(2);
      return holding(answer, { order_edit: { id, status: "confirmed" } });
    },
    refuses: async (stage) => {
      const { id } = await anEdit(stage, { due: 1190 });
      return refused(await stage.post(`/store/order-edits/${id}/complete`), 400, notAllowed);
    },
  },
  "POST /store/order-edits/{id}/decline": {
    works: async (stage) => {
      const { id } = await anEdit(stage);
      const answer = await stage.post(`/store/order-edits/${id}/decline`, { declined_reason: "Too dear" });
      return holding(answer, { order_edit: { id, status: "declined", declined_reason: "Too dear" } });
    },
    refuses: async (stage) => {
      const { id } = await anEdit(stage);
      await stage.post(`/store/order-edits/${id}/complete`);
      return refused(await stage.post(`/store/order-edits/${id}/decline`, {}), 400, notAllowed);
    },
  },
};
