import { seedDemo } from "../demo/seed-demo.ts";
import { withDatabase } from "./with-database.ts";

/**
 * Fills a migrated database with the demo shop, unless it holds it already.
 * @throws StartupError if the database is not migrated, or holds another shop
 */
export function seed(): Promise<void> {
  return withDatabase(async (knex, { publicUrl }) => {
    const { customer } = await seedDemo(knex, { publicUrl, log: console.log });
    console.log(`Demo customer: ${customer.email} / ${customer.password}`);
  });
}
