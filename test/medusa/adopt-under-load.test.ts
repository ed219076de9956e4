import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { turnFlagsOff } from "../schema/build-as-medusa.ts";
import { readFacts } from "../schema/read-facts.ts";
import { buildProgram, type NettleProgram } from "../start/build-program.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { type MedusaProgram, openMedusa, secrets } from "./medusa-program.ts";

let database: TestDatabase;
let medusa: MedusaProgram;
let program: NettleProgram;
let isDone: boolean;

beforeEach(async () => {
  isDone = false;
  database = await openDatabase();
  await turnFlagsOff(database.knex);
  program = buildProgram();
  medusa = openMedusa({
    home: inject("medusaHome"),
    databaseUrl: database.url,
    redisUrl: inject("redisUrl"),
    featureFlags: false,
  });
});
afterEach(async () => {
  isDone = true;
  program.remove();
  await medusa.remove();
  await database.drop();
});

const person = (name: string) => ({
  ...{ email: `${name}@example.com`, password: "walk-the-fells" },
  ...{ first_name: "Mara", last_name: "Fell" },
});

async function post(url: string, body: unknown): Promise<number> {
  const { status } = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return status;
}

describe("a shop of a running Medusa with its flags off", { timeout: 300_000 }, () => {
  it("is adopted and left again while Medusa answers every request", async () => {
    const before = await readFacts(database.knex);
    const { url } = await medusa.start();
    const answers: number[] = [];
    const shopper = async (name: string) => {
      for (let round = 0; !isDone; round++) {
        answers.push((await fetch(`${url}/store/products`)).status);
        answers.push(await post(`${url}/store/carts`, {}));
        answers.push(await post(`${url}/store/customers`, person(`${name}-${round}`)));
        await sleep(10);
      }
    };
    const region = { id: "reg_1", name: "EU", currency_code: "eur", tax_rate: 0 };
    await database.knex("region").insert(region);
    const shoppers = ["a", "b", "c"].map(shopper);

    const adopted = await program.run("migrate", { DATABASE_URL: database.url });
    expect([adopted.code, adopted.error]).toEqual([0, ""]);
    expect(adopted.out).toContain("Adopted the database that Medusa built");
    const nettle = await program.serve({
      DATABASE_URL: database.url,
      ...{ JWT_SECRET: secrets.jwt, COOKIE_SECRET: secrets.cookie, RATE_LIMIT: "off" },
    });
    expect(await post(`${nettle.url}/store/customers`, person("here"))).toBe(200);
    nettle.signal("SIGTERM");
    await nettle.ended();

    await database.knex.destroy();
    const undone = await program.run("migrate --undo", { DATABASE_URL: database.url });
    expect([undone.code, undone.error]).toEqual([0, ""]);
    isDone = true;
    await Promise.all(shoppers);
    expect(answers.filter((status) => status !== 200)).toEqual([]);
    expect(answers.length).toBeGreaterThan(30);

    database.knex.initialize();
    expect(await readFacts(database.knex)).toEqual(before);
    const { email, password } = person("here");
    expect(await post(`${url}/store/auth`, { email, password })).toBe(200);
    const { rows } = await database.knex.raw("select count(*)::int as count from cart");
    expect(rows[0].count).toBe(answers.length / 3);
  });
});
