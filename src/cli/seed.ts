import { seedDemo } from "../demo/seed-demo.ts";
import { withDatabase } from "./with-database.ts";

/**
 * Fills a migrated database with the demo shop, unless it is there already.
 * @throws StartFailure the database is not migrated, or holds somebody's shop
 */
export function seed(): Promise<void> {
  return withDatabase(async (knex, { publicUrl }) => {
    const { customer } = await seedDemo(knex, { publicUrl, log: console.log });
    console.log(`Its customer: ${customer.email} / ${customer.password}`);
  });
}
