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

/** Logging in and out, by cookie or by token. */
export const authRoutes = (auth: AuthService): Route[] => [
  route("POST /store/auth", {
    summary: "Log in",
    description: "Begins a session: the answer sets the cookie `connect.sid`.",
    access: "anyone",
    body: login,
    attempts: byEmail,
    answers: { 200: customerAnswer, 400: refusal, 401: unauthorized },
    handler: ({ body, ctx }) => auth.logIn(ctx, body),
  }),
  route("GET /store/auth", {
    summary: "Who is logged in",
    access: "customer",
    answers: { 200: customerAnswer, 401: unauthorized, 404: refusal },
    handler: ({ ctx }) => auth.current(ctx),
  }),
  route("DELETE /store/auth", {
    summary: "Log out",
    access: "anyone",
    answers: { 200: z.string() },
    handler: async ({ ctx }) => {
      await ctx.session.logOut();
      return new Reply(200, "OK");
    },
  }),
  route("POST /store/auth/token", {
    summary: "Log in by token",
    description: "Gives a JSON web token for programs that keep no cookies. No session begins.",
    access: "anyone",
    body: login,
    attempts: byEmail,
    answers: { 200: tokenAnswer, 400: refusal, 401: unauthorized },
    handler: ({ body }) => auth.issueToken(body),
  }),
  route("GET /store/auth/:email", {
    summary: "Ask whether an e-mail has an account",
    access: "anyone",
    params: { email: { description: "The e-mail, in any case.", example: "mara@example.com" } },
    attempts: { name: "exists" },
    answers: { 200: existsAnswer },
    handler: ({ params }) => auth.exists(params.email),
  }),
];
