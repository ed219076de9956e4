import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { clientAt } from "../support/api-client.ts";
import { aFilledCart, aShopSetup } from "../support/builders.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { buildProgram } from "./build-program.ts";

const program = buildProgram();
const folder = mkdtempSync(join(tmpdir(), "nettle-shop-"));
let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(async () => {
  program.remove();
  await database.drop();
  rmSync(folder, { recursive: true });
});

const settings = (more: Record<string, string> = {}) => ({
  DATABASE_URL: database.url,
  JWT_SECRET: "jwt-secret",
  COOKIE_SECRET: "cookie-secret",
  ...more,
});
const nettle = (command: string) => program.run(command, settings(), folder);
const file = (name: string) => join(folder, name);
const linesOf = (name: string) =>
  existsSync(file(name)) ? readFileSync(file(name), "utf8").trim().split("\n") : [];

it("a module that listens to no event of ours stops the start with a sentence", async () => {
  writeFileSync(file("wrong.mjs"), "export default { 'order.shipped': () => {} };");
  const started = await program.run("serve", settings({ SUBSCRIBERS: "./wrong.mjs" }), folder);
  expect([started.code, started.error]).toEqual([
    1,
    expect.stringContaining('The subscriber ./wrong.mjs listens to "order.shipped"'),
  ]);
});

it("dead letters are refused that there are not", async () => {
  const serving = await program.serve(settings(), folder);
  for (const [command, message] of [
    ["events retry", "Name the dead letters to send again, or --all"],
    ["events retry 7 --all", "Name the dead letters to send again, or --all"],
    ["events retry seven", "There is no dead letter seven"],
    ["events retry 7", "There is no dead letter 7. 0 events are sent again."],
    ["events retry 7 --json", "There is no dead letter 7. 0 events are sent again."],
    ["events send", "unknown command 'send'"],
  ] as const) {
    const { code, error } = await nettle(command);
    expect([code, error], command).toEqual([1, expect.stringContaining(message)]);
  }
  expect((await nettle("events")).out).toBe("There are no dead letters\n");
  serving.signal("SIGTERM");
  await serving.ended();
});

it("an order reaches each module, and one that fails is sent again by hand", async () => {
  const hearing = (name: string, guard: string) =>
    `const { appendFileSync, existsSync } = require("node:fs");
    module.exports = { "order.placed": async ({ data, attempt }, { query }) => {
      ${guard}
      const [order] = await query('select email from "order" where id = $1', [data.id]);
      appendFileSync(${JSON.stringify(file(name))}, data.id + " " + order.email + "\\n");
    } };`;
  writeFileSync(file("sound.cjs"), hearing("sound.txt", ""));
  const broken = JSON.stringify(file("broken"));
  const fails = `if (existsSync(${broken})) throw new Error("ERP is away");`;
  writeFileSync(file("erp.cjs"), hearing("erp.txt", fails));
  writeFileSync(file("broken"), "");
  const serving = await program.serve(
    settings({ SUBSCRIBERS: "./erp.cjs, ./sound.cjs", RATE_LIMIT: "off" }),
    folder,
  );
  const shop = { ...clientAt(serving.url), knex: database.knex };
  const cart = await aFilledCart(shop, await aShopSetup(database.knex));
  const { body } = await shop.post(`/store/carts/${cart}/complete`);
  const line = `${body.data.id} ${body.data.email}`;
  await expect.poll(() => linesOf("sound.txt"), { timeout: 10_000 }).toEqual([line]);
  await expect
    .poll(async () => (await database.knex("nettle_delivery").first())?.attempts, {
      timeout: 10_000,
    })
    .toBeGreaterThanOrEqual(2);
  expect((await nettle("events")).out).toMatch(
    /^There are no dead letters\n1 event waits for .\/erp.cjs since \S+, after \d tries: .* away\n$/,
  );
  await database
    .knex("nettle_delivery")
    .update({ waits_since: database.knex.raw("now() - interval '25 hours'") });
  const deadLetters = async () => JSON.parse((await nettle("events --json")).out).dead_letters;
  await expect.poll(deadLetters, { timeout: 30_000, interval: 500 }).toHaveLength(1);
  const [letter] = await deadLetters();
  expect(letter).toMatchObject({
    name: "order.placed",
    subscriber: "./erp.cjs",
    data: { id: body.data.id },
    error: "Error: ERP is away",
  });
  const { out } = await nettle("events list");
  expect(out).toMatch(
    new RegExp(`1 dead letter:\n +${letter.id} .* order.placed +./erp.cjs .* ERP is away`),
  );
  rmSync(file("broken"));
  expect((await nettle(`events retry ${letter.id}`)).out).toContain("1 event is sent again");
  await expect.poll(() => linesOf("erp.txt"), { timeout: 10_000 }).toEqual([line]);
  expect(linesOf("sound.txt")).toEqual([line]);
  expect((await nettle("events")).out).toBe("There are no dead letters\n");
  expect(serving.out()).not.toContain("ERP is away");
  serving.signal("SIGTERM");
  expect(await serving.ended()).toBe(0);
}, 90_000);
