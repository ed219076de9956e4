import { seedDemo } from "../demo/seed-demo.ts";
import { withDatabase } from "./with-database.ts";

/**
 * Fills a migrated database with the demo shop, unless it holds it already.
 * @throws StartupError if the database is not migrated, or holds another shop
 */
export function seed({ json }: { readonly json?: true }): Promise<void> {
  return withDatabase(async (knex, { publicUrl }) => {
    const log = json ? console.error : console.log;
    const demo = await seedDemo(knex, { publicUrl, log });
    const { seeded, shop, customer, giftCardCode, publishableKey } = demo;
    if (!json) return console.log(`Demo customer: ${customer.email} / ${customer.password}`);
    const codes = { gift_card_code: giftCardCode, publishable_key: publishableKey };
    console.log(JSON.stringify({ seeded, shop, customer, ...codes }, null, 2));
  });
}
