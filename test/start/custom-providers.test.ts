import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  type FakePaymentProvider,
  startFakePaymentProvider,
} from "../support/fake-payment-provider.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { writePaymentModule } from "../support/write-payment-module.ts";
import { buildProgram } from "./build-program.ts";

const program = buildProgram();
const folder = mkdtempSync(join(tmpdir(), "nettle-shop-"));
let database: TestDatabase;
let service: FakePaymentProvider;
beforeAll(async () => {
  database = await openDatabase();
  service = await startFakePaymentProvider();
});
afterAll(async () => {
  program.remove();
  await service.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

const settings = (more: Record<string, string>) => ({
  DATABASE_URL: database.url,
  JWT_SECRET: "jwt-secret",
  COOKIE_SECRET: "cookie-secret",
  ...more,
});
const rowsOf = (kind: string) => database.knex(`${kind}_provider`).orderBy("id");

it("a wrong module stops the start with a sentence and exit code 1", async () => {
  writeFileSync(join(folder, "wrong.mjs"), "export const tax = { id: 'mine' };");
  const { code, error } = await program.run(
    "serve",
    settings({ PROVIDERS: "./wrong.mjs" }),
    folder,
  );
  expect([code, error.trim()]).toEqual([
    1,
    'The tax provider mine of ./wrong.mjs has no method "taxLines".',
  ]);
});

it("modules from another folder are loaded, and their providers stored", async () => {
  await database.knex("payment_provider").insert([
    { id: "stripe", is_installed: true },
    { id: "remote", is_installed: false },
    { id: "gone", is_installed: false },
  ]);
  writeFileSync(
    join(folder, "my-tax.mjs"),
    "export const tax = { id: 'mine', taxLines: () => [] };",
  );
  writePaymentModule(join(folder, "my-payment.mjs"), service.url);
  const running = await program.serve(
    settings({ PROVIDERS: "./my-tax.mjs, ./my-payment.mjs" }),
    folder,
  );
  expect(running.out()).toContain(
    "Providers: tax system, mine; fulfillment manual; payment manual, remote",
  );
  expect(await rowsOf("tax")).toEqual([{ id: "mine", is_installed: true }]);
  expect(await rowsOf("fulfillment")).toEqual([{ id: "manual", is_installed: true }]);
  expect(await rowsOf("payment")).toEqual([
    { id: "gone", is_installed: false },
    { id: "manual", is_installed: true },
    { id: "remote", is_installed: true },
    { id: "stripe", is_installed: true },
  ]);
  running.signal("SIGTERM");
  expect(await running.ended()).toBe(0);
});
