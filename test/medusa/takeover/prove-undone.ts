import assert from "node:assert/strict";
import { quoted, takeRowSnapshot } from "./row-snapshot.ts";
import { runSql } from "./run-sql.ts";
import { dumpSchema, schemaDifferences } from "./schema-dump.ts";
import type { Takeover } from "./takeover.ts";

/**
 * Expects the schema to be the one that was found, every row that was found to have its value, and
 * every row that was written meanwhile to be there.
 */
export async function proveUndone({ place, found, written }: Takeover): Promise<string> {
  const url = place.databaseUrl;
  const differences = schemaDifferences(found.schema, await dumpSchema(url));
  assert.deepEqual(differences, [], "The schema is not as it was found");

  const now = await takeRowSnapshot(url);
  const lost = await found.rows.lostIn(now).finally(now.remove);
  assert.equal(lost.length, 0, `Rows are not as they were found: ${quoted(lost)}`);

  const counts: string[] = [];
  for (const [table, ids] of Object.entries(written) as [string, readonly string[]][]) {
    const there = await runSql<{ id: string }>(
      url,
      `select id from "${table}" where id = any($1)`,
      [ids],
    );
    assert.equal(there.length, ids.length, `Rows of ${table} that were written are gone`);
    counts.push(`${ids.length} ${table}s`);
  }
  return `equal schema of ${found.schema.size} objects; kept ${counts.join(", ")} of meanwhile`;
}
