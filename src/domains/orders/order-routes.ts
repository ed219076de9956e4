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
const orderId = { description: "The order's id.", example: "order_01HK153X00XT2X9PZ7QJXDWGTX" };

/** The endpoints that show placed orders to guests and customers. */
export const orderRoutes = (database: Knex, maxRows: number): Route[] => [
  route("GET /store/orders", {
    summary: "Look Up an Order",
    description:
      "Finds an order by its number and e-mail address, without a login. " +
      "Both must match exactly, and so must the postal code, if given.",
    access: "anyone",
    query: lookUpQuery,
    attempts: {
      name: "order-look-up",
      of: ({ query }) => query.email.toLowerCase(),
      // An account's e-mail does not prove who placed orders with it.
      countsOwner: true,
    },
    answers: { 200: orderAnswer, 400: refusal, 404: plainText },
    handler: async ({ query, ctx }) => {
      const { shape, present } = lookedUpOrder(query);
      const id = await findOrderIdByLookUp(database, query);
      const found =
        id === undefined ? undefined : await loadTree(database, shape, id, ctx.customerId);
      return found ? { order: present(found) } : new Reply(404, "Not Found");
    },
  }),
  route("GET /store/orders/:id", {
    summary: "Get an Order",
    description:
      "Returns an order with all its totals. " +
      "Needs no login, since a guest's confirmation page shows the order by its id.",
    access: "anyone",
    params: { id: orderId },
    query: orderQuery,
    answers: { 200: orderAnswer, 400: refusal, 404: refusal },
    handler: async ({ params, query, ctx }) => {
      const { shape, present, missing } = orderById(query);
      const found = await loadTree(database, shape, params.id, ctx.customerId);
      if (!found) throw missing(params.id);
      return { order: present(found) };
    },
  }),
  route("GET /store/orders/cart/:cart_id", {
    summary: "Get by Cart ID",
    description: "Returns the order that a completed cart became, with all its totals.",
    access: "anyone",
    params: { cart_id: cartId },
    query: orderQuery,
    answers: { 200: orderAnswer, 400: refusal, 404: refusal },
    handler: async ({ params, query, ctx }) => {
      const { shape, present } = orderOfCart(query);
      const id = await findOrderIdOfCart(database, params.cart_id);
      const found =
        id === undefined ? undefined : await loadTree(database, shape, id, ctx.customerId);
      if (!found) throw new NotFoundError(`Order with cart id ${params.cart_id} was not found`);
      return { order: present(found) };
    },
  }),
  route("GET /store/customers/me/orders", {
    summary: "List Orders",
    description: "Returns the logged-in customer's orders with their totals, newest first.",
    access: "customer",
    query: customerOrdersQuery(maxRows),
    answers: { 200: listAnswer("orders", order), 400: refusal, 401: plainText },
    handler: ({ query, ctx }) => listCustomerOrders(database, ctx.customerId!, query, maxRows),
  }),
];
