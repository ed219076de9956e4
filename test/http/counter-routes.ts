import type { Knex } from "knex";
import { z } from "zod";
import { runIdempotently } from "../../src/commands/idempotency.ts";
import { NotAllowedError, NotFoundError } from "../../src/core/errors.ts";
import type { RequestContext } from "../../src/core/request-context.ts";
import { route } from "../../src/http/routing/route.ts";

/** Creates counters: toy resources whose value shows how often a request was executed. */
export async function createCounters(knex: Knex, ids: readonly string[]): Promise<void> {
  await knex.raw(
    `create table if not exists counter
      (id text primary key, value integer not null default 0 check (value <= 1000))`,
  );
  await knex("counter").insert(ids.map((id) => ({ id })));
}

const incrementSchema = z.strictObject({
  amount: z.number("amount must be a number"),
  note: z.string().optional(),
});

/** The counters' endpoints. `afterCommit` is called between the commit and the response. */
export function counterRoutes(knex: Knex, afterCommit: () => void = () => undefined) {
  const incrementCounter = async (ctx: RequestContext, id: string, amount: number) => {
    const answer = await runIdempotently(knex, ctx, async (trx) => {
      const counter = await trx("counter").where({ id }).forUpdate().first();
      if (!counter) throw new NotFoundError(`Counter ${id} was not found`);
      if (counter.value + amount > 500) throw new NotAllowedError("The counter is full");
      const [changed] = await trx("counter")
        .where({ id })
        .increment("value", amount)
        .returning(["id", "value"]);
      return { counter: changed, key: ctx.idempotency?.key };
    });
    afterCommit();
    return answer;
  };
  const anything = { 200: z.unknown(), 400: z.unknown(), 404: z.unknown() };
  return [
    route("POST /store/counters/:id/increments", {
      summary: "Increment a counter",
      access: "anyone",
      issuesIdempotencyKey: true,
      storesIssuedKeys: true,
      body: incrementSchema,
      answers: anything,
      handler: ({ params, body, ctx }) => incrementCounter(ctx, params.id, body.amount),
    }),
    route("POST /store/counters/:id/without-key-header", {
      summary: "Increment it, without a key in the response headers",
      access: "anyone",
      idempotent: true,
      body: incrementSchema,
      answers: anything,
      handler: ({ params, body, ctx }) => incrementCounter(ctx, params.id, body.amount),
    }),
    route("POST /store/counters/:id/without-idempotency", {
      summary: "Increment it, whatever the key",
      access: "anyone",
      body: incrementSchema,
      answers: anything,
      handler: ({ params, body, ctx }) => incrementCounter(ctx, params.id, body.amount),
    }),
    route("POST /store/counters/:id/wrong-answer", {
      summary: "Send something else than the stored answer",
      access: "anyone",
      idempotent: true,
      answers: anything,
      handler: async ({ params, ctx }) => ({ ...(await incrementCounter(ctx, params.id, 1)) }),
    }),
    route("POST /store/counters/:id/read", {
      summary: "Read it without a transaction",
      access: "anyone",
      idempotent: true,
      answers: anything,
      handler: ({ params }) => knex("counter").where({ id: params.id }).first(),
    }),
  ];
}
