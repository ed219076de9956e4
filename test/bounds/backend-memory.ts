import { readFileSync } from "node:fs";
import type { Knex } from "knex";

/**
 * Returns the private memory of all connections to a shop's database, in bytes. Shared buffers do
 * not count.
 */
export async function backendMemory(knex: Knex): Promise<number> {
  const backends: number[] = await knex("pg_stat_activity")
    .where({ datname: knex.raw("current_database()"), backend_type: "client backend" })
    .pluck("pid");
  const sizes = backends.map((pid) => {
    const found = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return Number(found?.[1] ?? 0) * 1024;
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}
