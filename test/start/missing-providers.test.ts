import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aRegion, aShippingOption } from "../support/builders.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { buildProgram } from "./build-program.ts";

const program = buildProgram();
let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase();
  const { knex } = database;
  await knex("payment_provider").insert([{ id: "stripe" }, { id: "paypal" }]);
  await knex("tax_provider").insert({ id: "avalara" });
  for (const name of ["Antarctica", "Atlantis"])
    await aRegion(knex, { name, tax_provider_id: "avalara", payment_providers: ["stripe"] });
  const closed = { name: "Closed", payment_providers: ["paypal"] };
  await aRegion(knex, { ...closed, deleted_at: "2026-01-01" });
  await knex("fulfillment_provider").insert({ id: "webshipper" });
  await aShippingOption(knex, { name: "By sea", provider_id: "webshipper" });
});
afterAll(async () => {
  program.remove();
  await database.drop();
});

const settings = (more: Record<string, string> = {}) => ({
  DATABASE_URL: database.url,
  JWT_SECRET: "jwt-secret",
  COOKIE_SECRET: "cookie-secret",
  ...more,
});
const sentences = [
  "The fulfillment provider webshipper is not on this server, but is used by the shipping " +
    "options By sea. Name a module that brings it in PROVIDERS, or its Medusa plugin in " +
    "MEDUSA_PLUGINS, or choose another provider for them.",
  "The payment provider stripe is not on this server, but is used by the regions Antarctica, " +
    "Atlantis. Set STRIPE_API_KEY, or choose another provider for them.",
  "The tax provider avalara is not on this server, but is used by the regions Antarctica, " +
    "Atlantis. Name a module that brings it in PROVIDERS, or choose another provider for them.",
];

describe("providers that the shop uses and the server lacks", () => {
  it("stop the start where the settings say so", async () => {
    const { code, error } = await program.run("serve", settings({ PROVIDERS_REQUIRED: "on" }));
    expect(code).toBe(1);
    expect(error.trim().split("\n")).toEqual([
      "PROVIDERS_REQUIRED is on, and:",
      ...sentences.map((sentence) => `  ${sentence}`),
    ]);
  });

  it("are named when the database is migrated", async () => {
    const { code, out } = await program.run("migrate", settings());
    expect(code).toBe(0);
    for (const sentence of sentences) expect(out).toContain(sentence);
  });

  it("are named at the start and by /ready, while the rest is served", async () => {
    const running = await program.serve(settings());
    for (const sentence of sentences) await expect.poll(() => running.out()).toContain(sentence);
    const answer = await fetch(`${running.url}/ready`);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        ready: true,
        database: "up",
        redis: "unused",
        missing_providers: [
          { kind: "fulfillment", provider: "webshipper", used_by: ["By sea"], uses: 1 },
          ...["payment", "tax"].map((kind) => ({
            kind,
            provider: kind === "payment" ? "stripe" : "avalara",
            used_by: ["Antarctica", "Atlantis"],
            uses: 2,
          })),
        ],
      },
    ]);
    running.signal("SIGTERM");
    expect(await running.ended()).toBe(0);
  });

  it("are not missing once a key of Stripe's is set", async () => {
    const { out } = await program.run("migrate", settings({ STRIPE_API_KEY: "sk_test_nettle" }));
    expect(out).not.toContain("stripe");
    expect(out).toContain("webshipper");
  });
});
