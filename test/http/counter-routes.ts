import type { Knex } from "knex";
import { z } from "zod";
import { runIdempotently } from "../../src/commands/idempotency.ts";
import { NotAllowedError, NotFoundError } from "../../src/core/errors.ts";
import type { RequestContext } from "../../src/core/request-context.ts";
import { route } from "../../src/http/routing/route.ts";

/** A till that takes coins: the smallest shop in which doing a thing twice shows. */
export async function createCounters(knex: Knex, ids: readonly string[]): Promise<void> {
  await knex.raw(
    "create table if not exists till (id text primary key, coins integer not null default 0 check (coins <= 1000))",
  );
  await knex("till").insert(ids.map((id) => ({ id })));
}

const incrementSchema = z.strictObject({
  value: z.number("value must be a number"),
  note: z.string().optional(),
});

/** Its endpoints. `afterCommit` is called between the commit and the answer. */
export function counterRoutes(knex: Knex, afterCommit: () => void = () => undefined) {
  const incrementCounter = async (ctx: RequestContext, id: string, value: number) => {
    const answer = await runIdempotently(knex, ctx, async (trx) => {
      const counter = await trx("till").where({ id }).forUpdate().first();
      if (!counter) throw new NotFoundError(`Till ${id} was not found`);
      if (counter.coins + value > 500) throw new NotAllowedError("The till is full");
      const [changed] = await trx("till")
        .where({ id })
        .increment("coins", value)
        .returning(["id", "coins"]);
      return { till: changed, key: ctx.idempotency?.key };
    });
    afterCommit();
    return answer;
  };
  const anything = { 200: z.unknown(), 400: z.unknown(), 404: z.unknown() };
  return [
    route("POST /store/tills/:id/coins", {
      summary: "Put a coin into a till",
      access: "anyone",
      issuesIdempotencyKey: true,
      body: incrementSchema,
      answers: anything,
      handler: ({ params, body, ctx }) => incrementCounter(ctx, params.id, body.value),
    }),
    route("POST /store/tills/:id/quietly", {
      summary: "The same without a key in the answer",
      access: "anyone",
      idempotent: true,
      body: incrementSchema,
      answers: anything,
      handler: ({ params, body, ctx }) => incrementCounter(ctx, params.id, body.value),
    }),
    route("POST /store/tills/:id/plainly", {
      summary: "The same where keys do not count",
      access: "anyone",
      body: incrementSchema,
      answers: anything,
      handler: ({ params, body, ctx }) => incrementCounter(ctx, params.id, body.value),
    }),
    route("POST /store/tills/:id/awry", {
      summary: "Sends something else than it keeps",
      access: "anyone",
      idempotent: true,
      answers: anything,
      handler: async ({ params, ctx }) => ({ ...(await incrementCounter(ctx, params.id, 1)) }),
    }),
    route("POST /store/tills/:id/look", {
      summary: "Answers without a transaction",
      access: "anyone",
      idempotent: true,
      answers: anything,
      handler: ({ params }) => knex("till").where({ id: params.id }).first(),
    }),
  ];
}
