import type { Knex } from "knex";
import { z } from "zod";
import { NotFoundError } from "../../core/errors.ts";
import { listAnswer, singleAnswer } from "../../graph/answer-schema.ts";
import { order } from "../../graph/entities/order-entities.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { Reply } from "../../http/routing/reply.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { cartId } from "../carts/cart-parameters.ts";
import { listCustomerOrders } from "./list-customer-orders.ts";
import { findOrderIdByLookUp, findOrderIdOfCart } from "./order-queries.ts";
import { customerOrdersQuery, lookUpQuery, orderQuery } from "./order-schemas.ts";
import { lookedUpOrder, orderById, orderOfCart } from "./order-view.ts";

const orderAnswer = singleAnswer("order", order);
const plainText = z.string();
const orderId = { description: "The order's id.", example: "order_01HZX4A0K5J6H7G8F9D0S1A2P3" };

/** Placed orders, as guests and customers see them. */
export const orderRoutes = (database: Knex, maxRows: number): Route[] => [
  route("GET /store/orders", {
    summary: "Look up an order",
    description:
      "The order with this number and e-mail address; both must fit in full, and so must the postal code when it is given.",
    access: "anyone",
    query: lookUpQuery,
    attempts: { name: "order-look-up", of: ({ query }) => query.email.toLowerCase() },
    answers: { 200: orderAnswer, 400: refusal, 404: plainText },
    handler: async ({ query }) => {
      const { shape, present } = lookedUpOrder(query);
      const id = await findOrderIdByLookUp(database, query);
      const found = id === undefined ? undefined : await loadTree(database, shape, id);
      return found ? { order: present(found) } : new Reply(404, "Not Found");
    },
  }),
  route("GET /store/orders/:id", {
    summary: "Get an order",
    description:
      "Open to whoever knows the id, since every guest's confirmation page needs it. All totals are always there.",
    access: "anyone",
    params: { id: orderId },
    query: orderQuery,
    answers: { 200: orderAnswer, 400: refusal, 404: refusal },
    handler: async ({ params, query }) => {
      const { shape, present, missing } = orderById(query);
      const found = await loadTree(database, shape, params.id);
      if (!found) throw missing(params.id);
      return { order: present(found) };
    },
  }),
  route("GET /store/orders/cart/:cart_id", {
    summary: "Get the order of a cart",
    access: "anyone",
    params: { cart_id: cartId },
    query: orderQuery,
    answers: { 200: orderAnswer, 400: refusal, 404: refusal },
    handler: async ({ params, query }) => {
      const { shape, present } = orderOfCart(query);
      const id = await findOrderIdOfCart(database, params.cart_id);
      const found = id === undefined ? undefined : await loadTree(database, shape, id);
      if (!found) throw new NotFoundError(`Order with cart id ${params.cart_id} was not found`);
      return { order: present(found) };
    },
  }),
  route("GET /store/customers/me/orders", {
    summary: "List my orders",
    access: "customer",
    query: customerOrdersQuery(maxRows),
    answers: { 200: listAnswer("orders", order), 400: refusal, 401: plainText },
    handler: ({ query, ctx }) => listCustomerOrders(database, ctx.customerId!, query, maxRows),
  }),
];
