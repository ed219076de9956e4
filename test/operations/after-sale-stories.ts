import { expect } from "vitest";
import {
  anOrderEdit,
  aShippedOrder,
  type OrderEditAttributes,
  type ShippedOrder,
} from "../support/builders.ts";
import { swapRequest } from "../swaps/a-swap.ts";
import {
  expectBody,
  expectRefusal,
  notAllowed,
  notFound,
  type OperationFixture,
  type Stories,
} from "./operation-fixture.ts";

const aSwapRequest = (order: ShippedOrder, { ids }: OperationFixture) =>
  swapRequest(order, { variantId: ids.variant });
const anEdit = (fixture: OperationFixture, attributes: OrderEditAttributes = {}) =>
  anOrderEdit(fixture.knex, { order: { region_id: fixture.ids.region }, ...attributes });

export const afterSaleStories: Stories = {
  "POST /store/returns": {
    works: async (fixture) => {
      const order = await aShippedOrder(fixture.knex, { region_id: fixture.ids.region });
      const items = [{ item_id: order.lines[0], quantity: 1 }];
      const answer = await fixture.post("/store/returns", { order_id: order.id, items });
      return expectBody(answer, {
        return: { order_id: order.id, status: "requested", refund_amount: 1190 },
      });
    },
    refuses: async (fixture) => {
      const order = await aShippedOrder(fixture.knex, { region_id: fixture.ids.region });
      const items = [{ item_id: order.lines[0], quantity: 3 }];
      return expectRefusal(
        await fixture.post("/store/returns", { order_id: order.id, items }),
        400,
        notAllowed,
      );
    },
  },
  "POST /store/swaps": {
    works: async (fixture) => {
      const order = await aShippedOrder(fixture.knex, { region_id: fixture.ids.region });
      const answer = await fixture.post("/store/swaps", aSwapRequest(order, fixture));
      return expectBody(answer, {
        swap: {
          order_id: order.id,
          cart_id: expect.any(String),
          return_order: { status: "requested" },
        },
      });
    },
    refuses: async (fixture) => {
      const order = await aShippedOrder(fixture.knex, {
        region_id: fixture.ids.region,
        payment_status: "awaiting",
      });
      return expectRefusal(
        await fixture.post("/store/swaps", aSwapRequest(order, fixture)),
        400,
        notAllowed,
      );
    },
  },
  "GET /store/swaps/{cart_id}": {
    works: async (fixture) => {
      const order = await aShippedOrder(fixture.knex, { region_id: fixture.ids.region });
      const { body } = await fixture.post("/store/swaps", aSwapRequest(order, fixture));
      return expectBody(await fixture.get(`/store/swaps/${body.swap.cart_id}`), {
        swap: { id: body.swap.id, order_id: order.id },
      });
    },
    refuses: async (fixture) => {
      const { id } = await fixture.cart();
      return expectRefusal(await fixture.get(`/store/swaps/${id}`), 404, notFound);
    },
  },
  "GET /store/order-edits/{id}": {
    works: async (fixture) => {
      const { id, orderId } = await anEdit(fixture);
      return expectBody(await fixture.get(`/store/order-edits/${id}`), {
        order_edit: { order_id: orderId, difference_due: 1190 },
      });
    },
    refuses: async (fixture) => {
      const { id } = await anEdit(fixture);
      return expectRefusal(await fixture.get(`/store/order-edits/${id}?fields=internal_note`), 400);
    },
  },
  "POST /store/order-edits/{id}/complete": {
    works: async (fixture) => {
      const { id, orderId } = await anEdit(fixture);
      const answer = await fixture.post(`/store/order-edits/${id}/complete`);
      const { body } = await fixture.get(`/store/orders/${orderId}`);
      expect(body.order.items).toHaveLength(2);
      return expectBody(answer, { order_edit: { id, status: "confirmed" } });
    },
    refuses: async (fixture) => {
      const { id } = await anEdit(fixture, { due: 1190 });
      return expectRefusal(
        await fixture.post(`/store/order-edits/${id}/complete`),
        400,
        notAllowed,
      );
    },
  },
  "POST /store/order-edits/{id}/decline": {
    works: async (fixture) => {
      const { id } = await anEdit(fixture);
      const answer = await fixture.post(`/store/order-edits/${id}/decline`, {
        declined_reason: "Too dear",
      });
      return expectBody(answer, {
        order_edit: { id, status: "declined", declined_reason: "Too dear" },
      });
    },
    refuses: async (fixture) => {
      const { id } = await anEdit(fixture);
      await fixture.post(`/store/order-edits/${id}/complete`);
      return expectRefusal(
        await fixture.post(`/store/order-edits/${id}/decline`, {}),
        400,
        notAllowed,
      );
    },
  },
};
