import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { connect } from "../test/support/database-server.ts";
import { audit } from "./chaos/audit.ts";
import { openCluster } from "./chaos/cluster.ts";
import { insertFixture } from "./chaos/fixture.ts";
import { SeededRandom } from "./chaos/seeded-random.ts";
import { Shoppers } from "./chaos/shoppers.ts";

/**
 * Runs several hundred checkouts against three processes that are killed and restarted, on a
 * database whose connections break, with payment providers that fail in every way. Then waits until
 * no checkout is unfinished and audits the books. `DATABASE_URL` names an empty database;
 * `CHAOS_SEED` and `CHAOS_CARTS` set the course and the length, and `CHAOS_PROVIDER` who is paid:
 * `stripe`, `fake` (two providers of the tests), or `mixed`.
 */
const databaseUrl = process.env["DATABASE_URL"];
if (!databaseUrl) throw new Error("DATABASE_URL is missing: set it to an empty database");
const seed = Number(process.env["CHAOS_SEED"] ?? Date.now() % 1_000_000);
const size = Number(process.env["CHAOS_CARTS"] ?? 300);
const fakes = ["remote", "other"];
const providers = { stripe: ["stripe"], fake: fakes, mixed: [...fakes, "stripe"] };
const chosen = process.env["CHAOS_PROVIDER"] ?? "mixed";
if (!Object.hasOwn(providers, chosen))
  throw new Error(`CHAOS_PROVIDER is ${chosen}: set it to ${Object.keys(providers).join(" or ")}`);
const AT_ONCE = 12;

console.log(`seed ${seed}, ${size} carts, payment providers: ${chosen}`);
const random = new SeededRandom(seed);
const knex = connect(databaseUrl, 6);
const cluster = await openCluster(knex, databaseUrl, random);
const violations = await run().finally(() => Promise.all([cluster.close(), knex.destroy()]));
for (const line of violations) console.log(`VIOLATION ${line}`);
console.log(violations.length === 0 ? "no violations" : `${violations.length} violations`);
process.exitCode = violations.length === 0 ? 0 : 1;

async function run(): Promise<string[]> {
  const fixture = await insertFixture(knex, {
    size,
    providers: providers[chosen as keyof typeof providers],
  });
  const shoppers = new Shoppers(cluster, fixture, knex, random);
  const stopFailures = cluster.injectFailures();
  const edits = [...fixture.edits];
  let started = 0;
  const shop = async () => {
    while (started++ < size) {
      const edit = random.bool(0.15) ? edits.pop() : undefined;
      await (edit ? shoppers.decideOrderEdit(edit) : shoppers.runCheckout());
      if (started % 50 === 0) console.log(`${started} carts`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, shop));
  await stopFailures();
  await waitUntilSettled(knex);
  const violations = await audit(knex, cluster, fixture, shoppers.log);
  const { rows } = await knex.raw(
    `select (select count(*) from "order" where cart_id is not null) as orders,
      (select count(*) from swap where confirmed_at is not null) as swaps,
      (select count(*) from order_edit where confirmed_at is not null) as edits,
      (select count(*) from cart) as carts`,
  );
  const { counts, refusals } = shoppers.log;
  for (const counter of [counts, refusals])
    console.log(Object.fromEntries([...counter].toSorted()));
  console.log(rows[0]);
  return violations;
}

/**
 * Waits until the background loops have resumed every interrupted checkout and authorization, and
 * have released every payment that pays for nothing.
 * Leases expire and retries are due at once, to shorten the wait.
 */
async function waitUntilSettled(connection: Knex): Promise<void> {
  for (let seconds = 0; seconds < 180; seconds++) {
    await connection.raw(
      `update nettle_checkout set claimed_until = now() - interval '1 minute', next_try_at = now()
        where claimed_until <= now()`,
    );
    await connection.raw(
      "update nettle_authorization set claimed_until = now() - interval '1 day'",
    );
    await connection.raw(
      "update nettle_payment_release set next_try_at = now() where released_at is null",
    );
    const { rows: unfinished } = await connection.raw(
      `select 1 from nettle_checkout union all select 1 from nettle_authorization
        union all select 1 from nettle_payment_release where released_at is null
        union all select 1 from payment p
          join payment_collection_payments t on t.payment_id = p.id
          join order_edit e on e.payment_collection_id = t.payment_collection_id
        where p.order_id is null and p.canceled_at is null
          and (e.declined_at is not null or e.canceled_at is not null)`,
    );
    if (unfinished.length === 0) return;
    await sleep(1000);
  }
}
