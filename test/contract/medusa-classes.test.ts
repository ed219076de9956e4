import { afterAll, describe, expect, it } from "vitest";
import { checkProviders } from "../../src/providers/contract/check-providers.ts";
import { loadMedusaPlugins } from "../../src/providers/medusa-plugins/load-medusa-plugins.ts";
import { createLog } from "../../src/runtime/log.ts";
import { writeMedusaShopFolder } from "../support/medusa-shop-folder.ts";

const { folder, write, remove } = writeMedusaShopFolder();
afterAll(remove);

async function failuresOf(...plugins: string[]) {
  const own = loadMedusaPlugins({ folder, plugins }, createLog("silent"));
  const support = { fulfillment: { option: { base: 100 }, data: { point: "P1" } } };
  const reports = await checkProviders(own, { seconds: 10, support });
  return reports.flatMap(({ checks }) => checks.filter(({ outcome }) => outcome === "failed"));
}

describe("classes that were written for Medusa", () => {
  it("pass the contract of a fulfillment provider", async () => {
    expect(await failuresOf(".")).toEqual([]);
  });

  it("pass the contract of a payment provider", async () => {
    expect(await failuresOf("wallet-plugin")).toEqual([]);
  });

  it("fail it where they break it", async () => {
    write("node_modules/broken/package.json", "{}");
    write(
      "node_modules/broken/services/broken.js",
      `const Wallet = require("wallet-plugin/dist/services/wallet.js").default;
      exports.default = class extends Wallet {
        static identifier = "broken";
        async cancelPayment({ id }) { return { id }; }
        async refundPayment() { throw "no"; }
      };`,
    );
    const failed = await failuresOf("broken");
    expect(failed.map(({ check }) => check)).toEqual(
      expect.arrayContaining([
        "cancel voids what is held, also when it comes twice.",
        "What it throws is an Error.",
      ]),
    );
  });
});
