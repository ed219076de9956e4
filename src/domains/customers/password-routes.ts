import { z } from "zod";
import { singleAnswer } from "../../graph/answer-schema.ts";
import { customer } from "../../graph/entities/customer-entities.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { Reply } from "../../http/routing/reply.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { passwordReset, passwordTokenRequest } from "./customer-schemas.ts";
import type { PasswordResetService } from "./password-reset-service.ts";

const emailOf = ({ body }: { body: { email: string } }) => body.email.toLowerCase();

/** A new password for who forgot the old one. */
export const passwordRoutes = (passwordResets: PasswordResetService): Route[] => [
  route("POST /store/customers/password-token", {
    summary: "Ask for a new password",
    description:
      "Sends a token to the account's e-mail. The answer is the same whether there is such an account.",
    access: "anyone",
    body: passwordTokenRequest,
    attempts: { name: "password-token", of: emailOf, max: 5 },
    answers: { 204: z.undefined(), 400: refusal },
    handler: async ({ body }) => {
      await passwordResets.requestToken(body.email);
      return new Reply(204);
    },
  }),
  route("POST /store/customers/password-reset", {
    summary: "Set a new password",
    description: "Ends every session and token that the customer had.",
    access: "anyone",
    body: passwordReset,
    attempts: { name: "password-reset", of: emailOf },
    answers: { 200: singleAnswer("customer", customer), 400: refusal, 401: refusal },
    handler: ({ body }) => passwordResets.reset(body),
  }),
];
