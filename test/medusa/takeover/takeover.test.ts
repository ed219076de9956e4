import { afterAll, beforeAll, describe, inject, it } from "vitest";
import { buildProgram, type NettleProgram } from "../../start/build-program.ts";
import { openDatabase } from "../../support/open-database.ts";
import { proveTakeover } from "./prove-takeover.ts";
import { canDump } from "./schema-dump.ts";
import { shopKinds } from "./shop-kinds.ts";
import { Steps } from "./steps.ts";

/** The large shop takes minutes: `npm run prove:takeover -- --database=large`. */
const quick = [shopKinds["flags-off"], shopKinds.plugin, shopKinds.shop];
const dumps = await canDump(inject("databaseServer"));

let nettle: NettleProgram;
beforeAll(() => {
  nettle = buildProgram();
});
afterAll(() => nettle.remove());

describe.runIf(dumps)("a shop that a real Medusa serves", { timeout: 600_000 }, () => {
  it.each(quick)("is taken over under load and given back as it was: $name", async (kind) => {
    // Medusa has built the template with its flags on.
    const database = await openDatabase(kind.featureFlags ? "migrated" : "empty");
    const place = {
      medusaHome: inject("medusaHome"),
      databaseUrl: database.url,
      redisUrl: inject("redisUrl"),
    };
    const steps = new Steps(({ name, seconds, note }) =>
      console.log(`${kind.name}: ${seconds.toFixed(1)} s ${name}. ${note}`),
    );
    try {
      await proveTakeover(kind, place, { nettle, steps, sample: 15, aloneSeconds: 1 });
    } finally {
      await database.drop();
    }
  });
});
