import { removeNettle } from "../database/remove-nettle.ts";
import { withDatabase } from "./with-database.ts";

/**
 * Takes Nettle off the configured database, so that Medusa alone goes on with it.
 * @throws StartupError if the database cannot be used, Nettle runs on it, or payments are unsettled
 */
export function remove(): Promise<void> {
  return withDatabase((knex) => removeNettle(knex, console.log));
}
