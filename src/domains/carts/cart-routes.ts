import { z } from "zod";
import { answerSchema, singleAnswer } from "../../graph/answer-schema.ts";
import { cart } from "../../graph/entities/cart-entities.ts";
import { shippingOption } from "../../graph/entities/shipping-entities.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { cartId, discountCode, lineId } from "./cart-parameters.ts";
import {
  cartChange,
  cartQuery,
  lineChange,
  newCart,
  newLine,
  newShippingMethod,
} from "./cart-schemas.ts";
import type { CartService } from "./cart-service.ts";

const cartAnswer = singleAnswer("cart", cart);
const answers = { 200: cartAnswer, 400: refusal, 404: refusal };

/**
 * Carts. Open to whoever knows the id, as every guest's is; what may be seen of a customer beyond
 * the cart is for that customer alone.
 */
export const cartRoutes = (carts: CartService): Route[] => [
  ...wholeCarts(carts),
  ...linesOfCarts(carts),
  ...shippingOfCarts(carts),
];

const wholeCarts = (carts: CartService): Route[] => [
  route("POST /store/carts", {
    summary: "Create a cart",
    description: "Without a body: in the shop's first region and default sales channel.",
    access: "anyone",
    idempotent: true,
    publishableKey: true,
    query: cartQuery,
    body: newCart,
    answers,
    handler: ({ body, ctx }) => carts.create(ctx, body),
  }),
  route("GET /store/carts/:id", {
    summary: "Get a cart",
    description:
      "All totals are always there. A guest's cart becomes the customer's who is logged in.",
    access: "anyone",
    params: { id: cartId },
    query: cartQuery,
    answers,
    handler: ({ params, query, ctx }) => carts.retrieve(ctx, params.id, query),
  }),
  route("POST /store/carts/:id", {
    summary: "Change a cart",
    description:
      "Customer, region, addresses, sales channel, discounts, gift cards, context. Lists take the place of what is there.",
    access: "anyone",
    params: { id: cartId },
    idempotent: true,
    query: cartQuery,
    body: cartChange,
    answers,
    handler: ({ params, body, ctx }) => carts.change(ctx, params.id, body),
  }),
  route("DELETE /store/carts/:id/discounts/:code", {
    summary: "Remove a discount",
    description: "The code as it is written on the cart, in upper case.",
    access: "anyone",
    params: { id: cartId, code: discountCode },
    idempotent: true,
    query: cartQuery,
    answers,
    handler: ({ params, ctx }) => carts.removeDiscount(ctx, params.id, params.code),
  }),
  route("POST /store/carts/:id/taxes", {
    summary: "Calculate taxes",
    description:
      "Shows the cart with its taxes where the region does not tax automatically; they are not kept.",
    access: "anyone",
    params: { id: cartId },
    issuesIdempotencyKey: true,
    query: cartQuery,
    answers,
    handler: ({ params, ctx }) => carts.calculateTaxes(ctx, params.id),
  }),
];

const linesOfCarts = (carts: CartService): Route[] => [
  route("POST /store/carts/:id/line-items", {
    summary: "Add a line item",
    description: "A line of the same variant and metadata grows instead.",
    access: "anyone",
    params: { id: cartId },
    issuesIdempotencyKey: true,
    query: cartQuery,
    body: newLine,
    answers,
    handler: ({ params, body, ctx }) => carts.addLine(ctx, params.id, body),
  }),
  route("POST /store/carts/:id/line-items/:line_id", {
    summary: "Change a line item",
    access: "anyone",
    params: { id: cartId, line_id: lineId },
    idempotent: true,
    query: cartQuery,
    body: lineChange,
    answers,
    handler: ({ params, body, ctx }) => carts.changeLine(ctx, params.id, params.line_id, body),
  }),
  route("DELETE /store/carts/:id/line-items/:line_id", {
    summary: "Remove a line item",
    access: "anyone",
    params: { id: cartId, line_id: lineId },
    idempotent: true,
    query: cartQuery,
    answers,
    handler: ({ params, ctx }) => carts.removeLine(ctx, params.id, params.line_id),
  }),
];

const shippingOfCarts = (carts: CartService): Route[] => [
  route("POST /store/carts/:id/shipping-methods", {
    summary: "Choose a way of shipping",
    description: "It takes the place of the one for the same shipping profile.",
    access: "anyone",
    params: { id: cartId },
    idempotent: true,
    query: cartQuery,
    body: newShippingMethod,
    answers,
    handler: ({ params, body, ctx }) => carts.addShippingMethod(ctx, params.id, body),
  }),
  route("GET /store/shipping-options/:cart_id", {
    summary: "List a cart's shipping options",
    description:
      "Those of the shipping profiles in the cart whose requirements it meets, with taxes.",
    access: "anyone",
    params: {
      cart_id: { description: "The cart's id.", example: "cart_01HZX3W8V0C6C4Y0GBKPF2XH7C" },
    },
    answers: {
      200: z.strictObject({ shipping_options: z.array(answerSchema(shippingOption)) }),
      404: refusal,
    },
    handler: ({ params, ctx }) => carts.listShippingOptions(ctx, params.cart_id),
  }),
];
