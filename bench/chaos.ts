import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { connect } from "../test/support/database-server.ts";
import { audit } from "./chaos/audit.ts";
import { openFleet } from "./chaos/fleet.ts";
import { openMarket } from "./chaos/market.ts";
import { Chance } from "./chaos/random.ts";
import { Shoppers } from "./chaos/shoppers.ts";

/**
 * Some hundred shoppers at three processes that are killed and come again, on a database whose connections break, with payment companies that fail in every
 * way. Then all is left alone until nothing is left half-way, and the books must be right. `DATABASE_URL` names an empty database; `CHAOS_SEED` and
 * `CHAOS_CARTS` another course and length.
 */
const databaseUrl = process.env["DATABASE_URL"];
if (!databaseUrl) throw new Error("Give DATABASE_URL: an empty database");
const seed = Number(process.env["CHAOS_SEED"] ?? Date.now() % 1_000_000);
const size = Number(process.env["CHAOS_CARTS"] ?? 300);
const AT_ONCE = 12;

console.log(`seed ${seed}, ${size} carts`);
const chance = new Chance(seed);
const knex = connect(databaseUrl, 6);
const fleet = await openFleet(knex, databaseUrl, chance);
const wrong = await run().finally(() => Promise.all([fleet.close(), knex.destroy()]));
for (const line of wrong) console.log(`WRONG ${line}`);
console.log(wrong.length === 0 ? "the books are right" : `${wrong.length} things are wrong`);
process.exitCode = wrong.length === 0 ? 0 : 1;

async function run(): Promise<string[]> {
  const market = await openMarket(knex, { size });
  const shoppers = new Shoppers(fleet, market, knex, chance);
  const calm = fleet.disturb();
  const edits = [...market.edits];
  let begun = 0;
  const shop = async () => {
    while (begun++ < size) {
      const edit = chance.is(0.15) ? edits.pop() : undefined;
      await (edit ? shoppers.decide(edit) : shoppers.visit());
      if (begun % 50 === 0) console.log(`${begun} carts`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, shop));
  await calm();
  await settle(knex);
  const wrong = await audit(knex, fleet, market, shoppers.told);
  const { rows } = await knex.raw(
    `select (select count(*) from "order" where cart_id is not null) as orders, (select count(*) from swap where confirmed_at is not null) as swaps,
    (select count(*) from order_edit where confirmed_at is not null) as edits, (select count(*) from cart) as carts`,
  );
  const { counts, refusals } = shoppers.told;
  for (const told of [counts, refusals]) console.log(Object.fromEntries([...told].toSorted()));
  console.log(rows[0]);
  return wrong;
}

/** Until the sweeps have finished what was left; they need not wait as long as they would. */
async function settle(connection: Knex): Promise<void> {
  for (let seconds = 0; seconds < 180; seconds++) {
    await connection.raw(
      "update nettle_checkout set claimed_until = now() - interval '1 minute', next_try_at = now() where claimed_until <= now()",
    );
    await connection.raw("update nettle_authorization set claimed_until = now() - interval '1 day'");
    const { rows: left } = await connection.raw("select 1 from nettle_checkout union all select 1 from nettle_authorization");
    if (left.length === 0) return;
    await sleep(1000);
  }
}
