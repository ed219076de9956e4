import { z } from "zod";
import { singleAnswer } from "../../graph/answer-schema.ts";
import { customer } from "../../graph/entities/customer-entities.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { Reply } from "../../http/routing/reply.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { existsAnswer, type Login, login, tokenAnswer } from "./auth-schemas.ts";
import type { AuthService } from "./auth-service.ts";

const unauthorized = z.string();
const byEmail = { name: "login", of: ({ body }: { body: Login }) => body.email.toLowerCase() };
const customerAnswer = singleAnswer("customer", customer);

/** The endpoints that log customers in and out, by cookie or by token. */
export const authRoutes = (auth: AuthService): Route[] => [
  route("POST /store/auth", {
    summary: "Customer Login",
    description:
      "Logs a customer in and starts a session: the answer sets the cookie `connect.sid`.",
    access: "anyone",
    body: login,
    attempts: byEmail,
    answers: { 200: customerAnswer, 400: refusal, 401: unauthorized },
    handler: ({ body, ctx }) => auth.logIn(ctx, body),
  }),
  route("GET /store/auth", {
    summary: "Get Current Customer",
    description: "Returns the logged-in customer with their addresses and orders.",
    access: "customer",
    answers: { 200: customerAnswer, 401: unauthorized, 404: refusal },
    handler: ({ ctx }) => auth.current(ctx),
  }),
  route("DELETE /store/auth", {
    summary: "Customer Log out",
    description: "Ends the session. Without a session it does nothing.",
    access: "anyone",
    answers: { 200: z.string() },
    handler: async ({ ctx }) => {
      await ctx.session.logOut();
      return new Reply(200, "OK");
    },
  }),
  route("POST /store/auth/token", {
    summary: "Customer Login (JWT)",
    description:
      "Returns a JSON Web Token for clients that do not use cookies. No session is started.",
    access: "anyone",
    body: login,
    attempts: byEmail,
    answers: { 200: tokenAnswer, 400: refusal, 401: unauthorized },
    handler: ({ body }) => auth.issueToken(body),
  }),
  route("GET /store/auth/:email", {
    summary: "Check if Email Exists",
    description: "Tells whether an account with this e-mail exists.",
    access: "anyone",
    params: { email: { description: "The e-mail, in any case.", example: "mara@example.com" } },
    attempts: { name: "exists", countsAll: true },
    answers: { 200: existsAnswer },
    handler: ({ params }) => auth.exists(params.email),
  }),
];
