import type { Knex } from "knex";
import { z } from "zod";
import { singleAnswer } from "../../graph/answer-schema.ts";
import { customer } from "../../graph/entities/customer-entities.ts";
import { refusal } from "../../http/refusal.ts";
import { type Route, route } from "../../http/route.ts";
import { showCustomer } from "./customer-view.ts";

const unauthorized = z.string();
const customerAnswer = singleAnswer("customer", customer);

/** A customer's own account. */
export const customerRoutes = (database: Knex): Route[] => [
  route("GET /store/customers/me", {
    summary: "Get my account",
    caller: "customer",
    answers: { 200: customerAnswer, 401: unauthorized, 404: refusal },
    work: ({ call }) => showCustomer(database, call.customerId!),
  }),
];
