import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { NettleProgram, ServerProcess } from "../../start/build-program.ts";
import { buildShop, type ShopPlace, startMedusa } from "./build-shop.ts";
import { examine } from "./examine.ts";
import { createOwnRows } from "./own-rows.ts";
import { proveComparison } from "./prove-comparison.ts";
import { proveEdits } from "./prove-edits.ts";
import { openAccounts, proveSales, proveWayBack } from "./prove-sales.ts";
import { proveUndone } from "./prove-undone.ts";
import { takeSettledSnapshot } from "./row-snapshot.ts";
import { dumpSchema, schemaDifferences } from "./schema-dump.ts";
import type { ShopKind } from "./shop-kinds.ts";
import type { Steps } from "./steps.ts";
import { inWords, run, serve, type Takeover, underLoad } from "./takeover.ts";

/** What a proof is made with. */
export interface ProofTools {
  readonly nettle: NettleProgram;
  readonly steps: Steps;
  /** A file of SQL that the shop is restored from. */
  readonly dump?: string | undefined;
  /** How many products, carts and orders `nettle compare` reads at most. */
  readonly sample: number;
  /** How long Medusa is watched alone first, in seconds. */
  readonly aloneSeconds: number;
}

/**
 * Takes a shop over as its owner would, while a real Medusa serves it, and gives it back: doctor,
 * adoption, both servers, comparison, undo, Medusa alone.
 * @throws StepError what a step expects is not so
 */
export async function proveTakeover(
  kind: ShopKind,
  place: ShopPlace,
  tools: ProofTools,
): Promise<void> {
  const { steps } = tools;
  let takeover: Takeover | undefined;
  try {
    await steps.run("Medusa builds the shop and starts", async () => {
      takeover = await moveTo(kind, place, tools);
      return `${takeover.found.rows.lines} lines of rows`;
    });
    await takeOver(takeover!, tools);
  } finally {
    await takeover?.found.rows.remove();
    await takeover?.medusa.program.remove();
  }
}

async function moveTo(
  kind: ShopKind,
  place: ShopPlace,
  { nettle, dump, sample }: ProofTools,
): Promise<Takeover> {
  const medusa = await buildShop(kind, place, dump);
  const found = {
    schema: await dumpSchema(place.databaseUrl),
    rows: await takeSettledSnapshot(place.databaseUrl),
  };
  const rows = await createOwnRows(medusa.admin);
  const written = { cart: [], order: [], customer: [] };
  return { kind, place, nettle, medusa, rows, found, written, sample };
}

async function takeOver(takeover: Takeover, { steps, aloneSeconds }: ProofTools): Promise<void> {
  const accounts = await openAccounts(takeover);
  await steps.run("Medusa alone under load", async () =>
    inWords(await underLoad(takeover, () => sleep(aloneSeconds * 1000))),
  );
  await steps.run("nettle doctor --takeover", () => examine(takeover));
  await steps.run("nettle migrate under load", async () => {
    const commands = { out: "" };
    const figures = await underLoad(takeover, async () => {
      commands.out = await run(takeover, "migrate");
    });
    assert.match(commands.out, /Adopted the database that Medusa built/);
    return inWords(figures);
  });
  let server: ServerProcess | undefined;
  await steps.run("Nettle starts", async () => {
    server = await serve(takeover);
    return undefined;
  });
  const { url } = server!;
  await steps.run("nettle doctor", async () =>
    (await run(takeover, "doctor")).trim().split("\n").at(-1),
  );
  await steps.run("nettle compare", () => proveComparison(takeover, url));
  await steps.run("edits in Medusa's admin are seen at Nettle", () => proveEdits(takeover, url));
  await steps.run("orders and accounts, both servers under load", async () =>
    inWords(await underLoad(takeover, () => proveSales(takeover, url, accounts))),
  );
  await steps.run("Nettle stops", async () => {
    server!.signal("SIGTERM");
    assert.equal(await server!.ended(), 0);
    return undefined;
  });
  await steps.run("nettle migrate --undo under load", async () =>
    inWords(await underLoad(takeover, () => run(takeover, "migrate --undo"))),
  );
  await steps.run("the database is as it was found", () => proveUndone(takeover));
  await steps.run("Medusa serves again", () => proveWayBack(takeover, accounts));
  await steps.run("Medusa starts again", async () => {
    return proveWayBack(await restart(takeover), accounts);
  });
}

/** Its own migrations find nothing to do, and it starts on what is there. */
async function restart(takeover: Takeover): Promise<Takeover> {
  const { medusa, place, found } = takeover;
  const { program } = medusa;
  await medusa.running.stop();
  await program.run("migrations", "run");
  const differences = schemaDifferences(found.schema, await dumpSchema(place.databaseUrl));
  assert.deepEqual(differences, [], "Medusa's migrations change the schema after the undo");
  return { ...takeover, medusa: await startMedusa(program, medusa.account) };
}
