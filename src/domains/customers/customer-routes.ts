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
  description: "The id of an address in the customer's address book.",
  example: "addr_01HK153X01T5GC3TSFRVN34VTV",
};
const emailOf = ({ body }: { body: { email: string } }) => body.email.toLowerCase();

/** The endpoints of a customer's own account. */
export const customerRoutes = (
  database: Knex,
  customers: CustomerService,
  savedPaymentMethods: SavedPaymentMethods,
): Route[] => [
  route("POST /store/customers", {
    summary: "Create a Customer",
    description:
      "Registers a customer and logs them in: the answer sets the cookie `connect.sid`. " +
      "Guest orders with the same e-mail stay with the guest.",
    access: "anyone",
    body: newCustomer,
    attempts: { name: "register", of: emailOf, countsAll: true },
    answers: { 200: customerAnswer, 400: refusal, 422: refusal },
    handler: ({ body, ctx }) => customers.register(ctx, body),
  }),
  route("GET /store/customers/me", {
    summary: "Get a Customer",
    description: "Returns the logged-in customer with their addresses.",
    access: "customer",
    answers: { 200: customerAnswer, 401: unauthorized, 404: refusal },
    handler: ({ ctx }) => showCustomer(database, ctx.customerId!),
  }),
  route("POST /store/customers/me", {
    summary: "Update Customer",
    description:
      "Updates the logged-in customer. A new password ends all other sessions and tokens.",
    access: "customer",
    body: customerChange,
    answers: { ...ofCustomer, 422: refusal },
    handler: ({ body, ctx }) => customers.update(ctx, body),
  }),
  route("POST /store/customers/me/addresses", {
    summary: "Add a Shipping Address",
    description:
      "Adds an address to the customer's address book. An equal address is not added again.",
    access: "customer",
    body: addressToAdd,
    answers: ofCustomer,
    handler: ({ body, ctx }) => customers.addAddress(ctx, body.address),
  }),
  route("POST /store/customers/me/addresses/:address_id", {
    summary: "Update a Shipping Address",
    description:
      "Updates an address in the customer's address book. " +
      "Orders that were placed with it keep the former address.",
    access: "customer",
    params: { address_id: addressId },
    body: addressChange,
    answers: ofCustomer,
    handler: ({ params, body, ctx }) => customers.updateAddress(ctx, params.address_id, body),
  }),
  route("DELETE /store/customers/me/addresses/:address_id", {
    summary: "Delete an Address",
    description:
      "Removes an address from the customer's address book. A missing address is not an error.",
    access: "customer",
    params: { address_id: addressId },
    answers: ofCustomer,
    handler: ({ params, ctx }) => customers.removeAddress(ctx, params.address_id),
  }),
  route("GET /store/customers/me/payment-methods", {
    summary: "Get Saved Payment Methods",
    access: "customer",
    description:
      "Returns the payment methods, such as cards, that the customer has saved " +
      "with payment providers. Providers that fail are left out.",
    answers: { 200: paymentMethodsAnswer, 401: unauthorized, 404: refusal },
    handler: ({ ctx }) => savedPaymentMethods.list(ctx.customerId!),
  }),
];
