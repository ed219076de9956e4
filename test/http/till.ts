import type { Knex } from "knex";
import { z } from "zod";
import type { Call } from "../../src/call.ts";
import { answerOnce } from "../../src/database/answer-once.ts";
import { NotAllowed, NotFound } from "../../src/errors.ts";
import { route } from "../../src/http/route.ts";

/** A till that takes coins: the smallest shop in which doing a thing twice shows. */
export async function buildTills(knex: Knex, ids: readonly string[]): Promise<void> {
  await knex.raw("create table if not exists till (id text primary key, coins integer not null default 0 check (coins <= 1000))");
  await knex("till").insert(ids.map((id) => ({ id })));
}

const coin = z.strictObject({ value: z.number("value must be a number"), note: z.string().optional() });

/** Its endpoints. `afterCommit` is called between the commit and the answer. */
export function tillRoutes(knex: Knex, afterCommit: () => void = () => undefined) {
  const add = async (call: Call, id: string, value: number) => {
    const answer = await answerOnce(knex, call, async (trx) => {
      const till = await trx("till").where({ id }).forUpdate().first();
      if (!till) throw new NotFound(`Till ${id} was not found`);
      if (till.coins + value > 500) throw new NotAllowed("The till is full");
      const [changed] = await trx("till").where({ id }).increment("coins", value).returning(["id", "coins"]);
      return { till: changed, key: call.idempotency?.key };
    });
    afterCommit();
    return answer;
  };
  const anything = { 200: z.unknown(), 400: z.unknown(), 404: z.unknown() };
  return [
    route("POST /store/tills/:id/coins", {
      summary: "Put a coin into a till",
      caller: "anyone",
      givesKey: true,
      body: coin,
      answers: anything,
      work: ({ params, body, call }) => add(call, params.id, body.value),
    }),
    route("POST /store/tills/:id/quietly", {
      summary: "The same without a key in the answer",
      caller: "anyone",
      idempotent: true,
      body: coin,
      answers: anything,
      work: ({ params, body, call }) => add(call, params.id, body.value),
    }),
    route("POST /store/tills/:id/plainly", {
      summary: "The same where keys do not count",
      caller: "anyone",
      body: coin,
      answers: anything,
      work: ({ params, body, call }) => add(call, params.id, body.value),
    }),
    route("POST /store/tills/:id/awry", {
      summary: "Sends something else than it keeps",
      caller: "anyone",
      idempotent: true,
      answers: anything,
      work: async ({ params, call }) => ({ ...(await add(call, params.id, 1)) }),
    }),
    route("POST /store/tills/:id/look", {
      summary: "Answers without a transaction",
      caller: "anyone",
      idempotent: true,
      answers: anything,
      work: ({ params }) => knex("till").where({ id: params.id }).first(),
    }),
  ];
}
