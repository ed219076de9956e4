import { z } from "zod";
import { singleAnswer } from "../../graph/answer-schema.ts";
import { customer } from "../../graph/entities/customer-entities.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { Reply } from "../../http/routing/reply.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { passwordReset, passwordTokenRequest } from "./customer-schemas.ts";
import type { PasswordResetService } from "./password-reset-service.ts";

const emailOf = ({ body }: { body: { email: string } }) => body.email.toLowerCase();

/** The endpoints that reset a forgotten password. */
export const passwordRoutes = (passwordResets: PasswordResetService): Route[] => [
  route("POST /store/customers/password-token", {
    summary: "Request Password Reset",
    description:
      "Sends a password reset token to the account's e-mail. " +
      "The answer is the same whether or not the account exists.",
    access: "anyone",
    body: passwordTokenRequest,
    attempts: { name: "password-token", of: emailOf, max: 5, countsAll: true },
    answers: { 204: z.undefined(), 400: refusal },
    handler: async ({ body }) => {
      await passwordResets.requestToken(body.email);
      return new Reply(204);
    },
  }),
  route("POST /store/customers/password-reset", {
    summary: "Reset Password",
    description:
      "Sets a new password with the token from the e-mail. " +
      "All sessions and tokens of the customer end.",
    access: "anyone",
    body: passwordReset,
    attempts: { name: "password-reset", of: emailOf },
    answers: { 200: singleAnswer("customer", customer), 400: refusal, 401: refusal },
    handler: ({ body }) => passwordResets.reset(body),
  }),
];
