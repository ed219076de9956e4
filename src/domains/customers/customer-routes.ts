import type { Knex } from "knex";
import { z } from "zod";
import { singleAnswer } from "../../graph/answer-schema.ts";
import { customer } from "../../graph/entities/customer-entities.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { addressChange } from "./address-schemas.ts";
import {
  addressToAdd,
  customerChange,
  newCustomer,
  paymentMethodsAnswer,
} from "./customer-schemas.ts";
import type { CustomerService } from "./customer-service.ts";
import { showCustomer } from "./customer-view.ts";
import type { SavedPaymentMethods } from "./saved-payment-methods.ts";

const unauthorized = z.string();
const customerAnswer = singleAnswer("customer", customer);
const ofCustomer = { 200: customerAnswer, 400: refusal, 401: unauthorized, 404: refusal };
const addressId = {
  description: "The id of an entry of the address book.",
  example: "addr_01HZX5B1C2D3E4F5G6H7J8K9M0",
};
const emailOf = ({ body }: { body: { email: string } }) => body.email.toLowerCase();

/** A customer's own account. */
export const customerRoutes = (
  database: Knex,
  customers: CustomerService,
  savedPaymentMethods: SavedPaymentMethods,
): Route[] => [
  route("POST /store/customers", {
    summary: "Register",
    description: "Makes an account and logs it in: the answer sets the cookie `connect.sid`.",
    access: "anyone",
    body: newCustomer,
    attempts: { name: "register", of: emailOf },
    answers: { 200: customerAnswer, 400: refusal, 422: refusal },
    handler: ({ body, ctx }) => customers.register(ctx, body),
  }),
  route("GET /store/customers/me", {
    summary: "Get my account",
    access: "customer",
    answers: { 200: customerAnswer, 401: unauthorized, 404: refusal },
    handler: ({ ctx }) => showCustomer(database, ctx.customerId!),
  }),
  route("POST /store/customers/me", {
    summary: "Change my account",
    access: "customer",
    body: customerChange,
    answers: { ...ofCustomer, 422: refusal },
    handler: ({ body, ctx }) => customers.update(ctx, body),
  }),
  route("POST /store/customers/me/addresses", {
    summary: "Add an address",
    description: "An address that stands in the book already is not added again.",
    access: "customer",
    body: addressToAdd,
    answers: ofCustomer,
    handler: ({ body, ctx }) => customers.addAddress(ctx, body.address),
  }),
  route("POST /store/customers/me/addresses/:address_id", {
    summary: "Change an address",
    description: "Orders that were placed with it keep it as it was.",
    access: "customer",
    params: { address_id: addressId },
    body: addressChange,
    answers: ofCustomer,
    handler: ({ params, body, ctx }) => customers.updateAddress(ctx, params.address_id, body),
  }),
  route("DELETE /store/customers/me/addresses/:address_id", {
    summary: "Remove an address",
    access: "customer",
    params: { address_id: addressId },
    answers: ofCustomer,
    handler: ({ params, ctx }) => customers.removeAddress(ctx, params.address_id),
  }),
  route("GET /store/customers/me/payment-methods", {
    summary: "List my saved payment methods",
    access: "customer",
    description:
      "Cards and the like that were kept with the payment providers. A provider that fails is left out.",
    answers: { 200: paymentMethodsAnswer, 401: unauthorized, 404: refusal },
    handler: ({ ctx }) => savedPaymentMethods.list(ctx.customerId!),
  }),
];
