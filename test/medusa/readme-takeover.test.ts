import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { blocksBelow } from "../readme/readme-blocks.ts";
import { runLines } from "../readme/run-lines.ts";
import { buildAsMedusa } from "../schema/build-as-medusa.ts";
import { readFacts } from "../schema/read-facts.ts";
import { buildProgram, type NettleProgram } from "../start/build-program.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { type MedusaProgram, openMedusa, secrets } from "./medusa-program.ts";

let database: TestDatabase;
let medusa: MedusaProgram;
let program: NettleProgram;
beforeAll(async () => {
  database = await openDatabase("empty");
  await buildAsMedusa(database.knex);
  program = buildProgram();
  const redisUrl = inject("redisUrl");
  medusa = openMedusa({ home: inject("medusaHome"), databaseUrl: database.url, redisUrl });
});
afterAll(async () => {
  program.remove();
  await medusa.remove();
  await database.drop();
});

it("the README's commands take a shop over, compare it and give it back", async () => {
  const { url } = await medusa.start();
  const before = await readFacts(database.knex);
  const settings = {
    DATABASE_URL: database.url,
    ...{ JWT_SECRET: secrets.jwt, COOKIE_SECRET: secrets.cookie, RATE_LIMIT: "off" },
  };
  const run = async (lines: string) => {
    const { code, out, error } = await runLines(lines, settings, program.file);
    expect(code, error).toBe(0);
    return out;
  };
  const [forward, back] = blocksBelow("Take over a Medusa shop", 2) as [string, string];
  const [first, then] = forward.split("npm start\n") as [string, string];

  expect(await run(first)).toContain("Adopted the database that Medusa built");
  const nettle = await program.serve(settings);
  const compare = then
    .replace("http://localhost:7001", url)
    .replace("http://localhost:9000", nettle.url);
  expect(await run(compare)).toContain("answered alike");
  nettle.signal("SIGTERM");
  await nettle.ended();
  await database.knex.destroy();
  await run(back);
  expect(await readFacts(database.connect())).toEqual(before);
}, 300_000);
