import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProgram, type NettleProgram } from "../start/build-program.ts";
import {
  type FakePaymentProvider,
  startFakePaymentProvider,
} from "../support/fake-payment-provider.ts";
import { type MedusaShopFolder, writeMedusaShopFolder } from "../support/medusa-shop-folder.ts";
import { writePaymentModule } from "../support/write-payment-module.ts";

const folder = mkdtempSync(join(tmpdir(), "nettle-own-providers-"));
let program: NettleProgram;
let service: FakePaymentProvider;
let medusa: MedusaShopFolder;
beforeAll(async () => {
  program = buildProgram();
  service = await startFakePaymentProvider();
  medusa = writeMedusaShopFolder();
  writePaymentModule(join(folder, "remote.mjs"), service.url);
  writeFileSync(
    join(folder, "broken.mjs"),
    "export const tax = { id: 'broken', taxLines: () => { throw 'no'; } };",
  );
  writeFileSync(
    join(folder, "hanging.mjs"),
    "export const tax = { id: 'hanging', taxLines: () => new Promise(() => {}) };",
  );
  writeFileSync(join(folder, "support.mjs"), "export default 5;");
  writeFileSync(join(folder, "other.mjs"), "export default {};");
});
afterAll(async () => {
  program.remove();
  medusa.remove();
  await service.close();
  rmSync(folder, { recursive: true });
});

/** No database is named, so that none can be used. */
const test = (words: string, settings: Record<string, string> = {}) =>
  program.run(`providers test ${words}`.trim(), settings, folder);

describe("nettle providers test refuses in a sentence", () => {
  it.each([
    ["nothing", "", /^Name a module, such as `node \S+nettle\.js providers test \.\/mine\.js`\.$/],
    ["a module that is not there", "./gone.mjs", /^You named \.\/gone\.mjs, which cannot be found/],
    ["a module without providers", "./other.mjs", /^You named \.\/other\.mjs, which exports none/],
    [
      "a support module without a default export",
      "./remote.mjs --support ./support.mjs",
      "--support names ./support.mjs, whose default export must be an object.",
    ],
    [
      "a support module that is not there",
      "./remote.mjs --support ./gone.mjs",
      "--support names ./gone.mjs, which cannot be found.",
    ],
    ["no time", "./remote.mjs --seconds 0", /^--seconds must be a number/],
    ["a plugin of nowhere", "--plugins wallet-plugin", /^Name the folder of the Medusa backend/],
  ])("%s", async (_, words, message) => {
    const { code, out, error } = await test(words);
    expect([code, out]).toEqual([1, ""]);
    expect(error.trim()).toEqual(
      typeof message === "string" ? message : expect.stringMatching(message),
    );
  });
});

describe("nettle providers test", () => {
  it("prints each check, and warns of payments", async () => {
    const { code, out, error } = await test("./remote.mjs");
    expect(code, out).toBe(0);
    expect(error).toContain("Providers should be in test mode.");
    expect(out).toContain("The payment provider remote\n  passed  A payment is initiated");
    expect(out).toMatch(/\n\d+ passed, 0 failed, 3 not applicable\n$/);
  });

  it("says what was seen of a broken provider and what to do, and fails", async () => {
    const { code, out } = await test("./broken.mjs");
    expect(code).toBe(1);
    expect(out).toContain(
      [
        "  FAILED  What it throws is an Error.",
        "          taxLines threw no",
        "          → Throw new Error(…), so that the log shows a message",
      ].join("\n"),
    );
  });

  it("ends though a provider never answers", async () => {
    const { code, out } = await test("./hanging.mjs --seconds 0.2");
    expect(code).toBe(1);
    expect(out).toContain("There was no answer within 0.2 seconds: taxLines");
  });

  it("prints JSON, of the providers that the settings name", async () => {
    const { code, out } = await test("--json", { PROVIDERS: "./remote.mjs,./broken.mjs" });
    expect(code).toBe(1);
    const { providers, failed } = JSON.parse(out);
    expect(failed).toBeGreaterThan(0);
    expect(providers).toMatchObject([
      { kind: "tax", id: "broken" },
      { kind: "payment", id: "remote" },
    ]);
    expect(providers[0].checks[0]).toEqual({
      check: "taxLines returns lines for the items and shipping methods of the question only.",
      outcome: "failed",
      reason: "taxLines threw: no",
      remedy:
        "Use `item_id` and `shipping_method_id` of the question, with a rate, a name, a code.",
    });
  });

  it("tests classes of Medusa's as the server loads them", async () => {
    const { code, out } = await test(
      `--plugins wallet-plugin --medusa-shop ${medusa.folder} --json`,
    );
    expect(code, out).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ failed: 0, providers: [{ id: "wallet" }] });
  });

  it("says where such a class belongs that is named as a module", async () => {
    const { code, error } = await test(join(medusa.folder, "services/points.js"));
    expect(code).toBe(1);
    expect(error).toContain("which is a class for Medusa");
  });
});
