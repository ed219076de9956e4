import { z } from "zod";
import { singleAnswer } from "../../graph/answer-schema.ts";
import { customer } from "../../graph/entities/customer-entities.ts";
import { refusal } from "../../http/refusal.ts";
import { Reply } from "../../http/reply.ts";
import { type Route, route } from "../../http/route.ts";
import { forgotten, reset } from "./customer-schemas.ts";
import type { ForgottenPasswords } from "./forgotten-password.ts";

const emailOf = ({ body }: { body: { email: string } }) => body.email.toLowerCase();

/** A new password for who forgot the old one. */
export const passwordRoutes = (forgottenPasswords: ForgottenPasswords): Route[] => [
  route("POST /store/customers/password-token", {
    summary: "Ask for a new password",
    description: "Sends a token to the account's e-mail. The answer is the same whether there is such an account.",
    caller: "anyone",
    body: forgotten,
    attempts: { name: "password-token", of: emailOf, most: 5 },
    answers: { 204: z.undefined(), 400: refusal },
    work: async ({ body }) => {
      await forgottenPasswords.askForToken(body.email);
      return new Reply(204);
    },
  }),
  route("POST /store/customers/password-reset", {
    summary: "Set a new password",
    description: "Ends every session and token that the customer had.",
    caller: "anyone",
    body: reset,
    attempts: { name: "password-reset", of: emailOf },
    answers: { 200: singleAnswer("customer", customer), 400: refusal, 401: refusal },
    work: ({ body }) => forgottenPasswords.reset(body),
  }),
];
