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
  ignoredCartQuery,
  lineChange,
  newCart,
  newLine,
  newShippingMethod,
} from "./cart-schemas.ts";
import type { CartService } from "./cart-service.ts";

const cartAnswer = singleAnswer("cart", cart);
const answers = { 200: cartAnswer, 400: refusal, 404: refusal };

/**
 * The endpoints of carts. They need no login, since a guest's cart is known by its id. Personal
 * rows of a customer beyond the cart are shown to that customer alone.
 */
export const cartRoutes = (carts: CartService): Route[] => [
  ...wholeCarts(carts),
  ...codesAndTaxesOfCarts(carts),
  ...linesOfCarts(carts),
  ...shippingOfCarts(carts),
];

const wholeCarts = (carts: CartService): Route[] => [
  route("POST /store/carts", {
    summary: "Create a Cart",
    description:
      "Without a body, the cart is in the shop's oldest region and its default sales channel.",
    access: "anyone",
    idempotent: true,
    publishableKey: true,
    query: ignoredCartQuery,
    body: newCart,
    answers,
    handler: ({ body, ctx }) => carts.create(ctx, body),
    showAgain: ({ ctx }, { cart }) => carts.showAgain(ctx, cart?.id ?? ""),
  }),
  route("GET /store/carts/:id", {
    summary: "Get a Cart",
    description:
      "Always includes all totals. A guest's cart is transferred to the logged-in customer.",
    access: "anyone",
    params: { id: cartId },
    query: cartQuery,
    answers,
    handler: ({ params, query, ctx }) => carts.retrieve(ctx, params.id, query),
  }),
  route("POST /store/carts/:id", {
    summary: "Update a Cart",
    description:
      "Updates customer, region, addresses, sales channel, discounts, gift cards and context. " +
      "Lists replace the present ones.",
    access: "anyone",
    params: { id: cartId },
    idempotent: true,
    query: ignoredCartQuery,
    body: cartChange,
    attempts: {
      name: "cart-codes",
      of: ({ params }) => params.id,
      when: ({ body }) => Boolean(body.discounts?.length || body.gift_cards?.length),
    },
    answers,
    handler: ({ params, body, ctx }) => carts.change(ctx, params.id, body),
    showAgain: ({ params, ctx }) => carts.showAgain(ctx, params.id),
  }),
];

const codesAndTaxesOfCarts = (carts: CartService): Route[] => [
  route("DELETE /store/carts/:id/discounts/:code", {
    summary: "Remove Discount",
    description: "The code must be written as on the cart, in upper case.",
    access: "anyone",
    params: { id: cartId, code: discountCode },
    idempotent: true,
    query: ignoredCartQuery,
    answers,
    handler: ({ params, ctx }) => carts.removeDiscount(ctx, params.id, params.code),
    showAgain: ({ params, ctx }) => carts.showAgain(ctx, params.id),
  }),
  route("POST /store/carts/:id/taxes", {
    summary: "Calculate Cart Taxes",
    description:
      "Returns the cart with its taxes, even if its region does not calculate them " +
      "automatically. They are not saved.",
    access: "anyone",
    params: { id: cartId },
    issuesIdempotencyKey: true,
    changesNothing: true,
    query: ignoredCartQuery,
    answers,
    handler: ({ params, ctx }) => carts.calculateTaxes(ctx, params.id),
  }),
];

const linesOfCarts = (carts: CartService): Route[] => [
  route("POST /store/carts/:id/line-items", {
    summary: "Add a Line Item",
    description:
      "A line with the same variant and metadata grows instead. Removes the shipping methods.",
    access: "anyone",
    params: { id: cartId },
    issuesIdempotencyKey: true,
    query: ignoredCartQuery,
    body: newLine,
    answers,
    handler: ({ params, body, ctx }) => carts.addLine(ctx, params.id, body),
    showAgain: ({ params, ctx }) => carts.showAgain(ctx, params.id),
  }),
  route("POST /store/carts/:id/line-items/:line_id", {
    summary: "Update a Line Item",
    description: "Quantity 0 removes the line. Removes the shipping methods.",
    access: "anyone",
    params: { id: cartId, line_id: lineId },
    idempotent: true,
    query: ignoredCartQuery,
    body: lineChange,
    answers,
    handler: ({ params, body, ctx }) => carts.changeLine(ctx, params.id, params.line_id, body),
    showAgain: ({ params, ctx }) => carts.showAgain(ctx, params.id),
  }),
  route("DELETE /store/carts/:id/line-items/:line_id", {
    summary: "Delete a Line Item",
    description: "A missing line is not an error. Removes the shipping methods.",
    access: "anyone",
    params: { id: cartId, line_id: lineId },
    idempotent: true,
    query: ignoredCartQuery,
    answers,
    handler: ({ params, ctx }) => carts.removeLine(ctx, params.id, params.line_id),
    showAgain: ({ params, ctx }) => carts.showAgain(ctx, params.id),
  }),
];

const shippingOfCarts = (carts: CartService): Route[] => [
  route("POST /store/carts/:id/shipping-methods", {
    summary: "Add Shipping Method",
    description: "It replaces the shipping method of the same shipping profile.",
    access: "anyone",
    params: { id: cartId },
    idempotent: true,
    query: ignoredCartQuery,
    body: newShippingMethod,
    answers,
    handler: ({ params, body, ctx }) => carts.addShippingMethod(ctx, params.id, body),
    showAgain: ({ params, ctx }) => carts.showAgain(ctx, params.id),
  }),
  route("GET /store/shipping-options/:cart_id", {
    summary: "List for Cart",
    description:
      "Returns the shipping options of the cart's shipping profiles whose requirements it meets, " +
      "with taxes.",
    access: "anyone",
    params: {
      cart_id: { description: "The cart's id.", example: "cart_01HK153X00Q23JN1VK0TV104B8" },
    },
    answers: {
      200: z.strictObject({ shipping_options: z.array(answerSchema(shippingOption)) }),
      404: refusal,
    },
    handler: ({ params, ctx }) => carts.listShippingOptions(ctx, params.cart_id),
  }),
];
