import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { buildProgram, type NettleProgram } from "../../start/build-program.ts";
import { openDatabase } from "../../support/open-database.ts";
import { admin, openMedusa } from "../medusa-program.ts";
import { runSql } from "./run-sql.ts";
import {
  canDump,
  dumpSchema,
  schemaDifferences,
  withoutNettle,
  withSortedColumns,
} from "./schema-dump.ts";

const dumps = await canDump(inject("databaseServer"));
let nettle: NettleProgram;
beforeAll(() => {
  nettle = buildProgram();
});
afterAll(() => nettle.remove());

/** Returns the names and times of Medusa's migrations, in order. */
const migrationsOf = (url: string) =>
  runSql(url, "select timestamp, name from migrations order by timestamp, name");

/** Medusa adds columns at other places of their tables, since it runs its migrations in order. */
const schemaOf = async (url: string) => withSortedColumns(await dumpSchema(url));

describe.runIf(dumps)("what an adoption adds for feature flags that are off", () => {
  it("is what Medusa's own migrations add with the flags on", { timeout: 600_000 }, async () => {
    // Medusa has built the template with its flags on.
    const [on, off] = [await openDatabase(), await openDatabase("empty")];
    const expected = [await schemaOf(on.url), await migrationsOf(on.url)] as const;
    const open = (featureFlags: boolean) =>
      openMedusa({
        ...{ home: inject("medusaHome"), redisUrl: inject("redisUrl") },
        ...{ databaseUrl: off.url, featureFlags },
      });
    const [withoutFlags, withFlags] = [open(false), open(true)];
    const run = async (command: string) => {
      const { code, error } = await nettle.run(command, { DATABASE_URL: off.url });
      expect(code, error).toBe(0);
    };
    try {
      await withoutFlags.run("migrations", "run");
      // Its first start adds the store.
      await withoutFlags.run("user", "-e", admin.email, "-p", admin.password);
      const found = [await dumpSchema(off.url), await migrationsOf(off.url)] as const;
      expect(schemaDifferences(expected[0], withSortedColumns(found[0]))).not.toEqual([]);

      await run("migrate");
      const adopted = withoutNettle(await schemaOf(off.url));
      expect(schemaDifferences(expected[0], adopted)).toEqual([]);
      expect(await migrationsOf(off.url)).toEqual(expected[1]);

      await run("migrate --undo");
      expect(schemaDifferences(found[0], await dumpSchema(off.url))).toEqual([]);
      expect(await migrationsOf(off.url)).toEqual(found[1]);

      // Medusa can turn its flags on afterwards. It then leaves a key that another of its
      // migrations, which ran long ago, would have dropped.
      await withFlags.run("migrations", "run");
      expect(schemaDifferences(expected[0], await schemaOf(off.url))).toEqual([
        expect.stringMatching(/^new: product_sales_channel FK_5a4d5e1e60f97633547821ec8d6;/),
      ]);
      expect(await migrationsOf(off.url)).toEqual(expected[1]);
    } finally {
      for (const each of [withoutFlags, withFlags]) await each.remove();
      for (const each of [on, off]) await each.drop();
    }
  });
});
