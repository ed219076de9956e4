import type { Knex } from "knex";
import { applyPlan } from "../../src/shop-file/apply-plan.ts";
import { planShop } from "../../src/shop-file/plan-shop.ts";
import { planText } from "../../src/shop-file/plan-text.ts";
import { readShopFile, refused } from "../../src/shop-file/read-shop-file.ts";

const providers = { "payment provider": [], "fulfillment provider": [], "tax provider": [] };

/**
 * Applies a shop file as `nettle apply --yes` does, and returns the plan that it shows. `meanwhile`
 * happens after the plan was shown.
 * @throws StartupError as `nettle apply` refuses
 */
export async function applyText(
  knex: Knex,
  text: string,
  meanwhile: () => Promise<unknown> = async () => undefined,
): Promise<string> {
  const { shop, messageAt } = readShopFile(text, "shop.yaml");
  const plan = (trx: Knex) => planShop(trx, shop, { providers, skipMissing: false });
  const shown = await plan(knex);
  if (shown.refusals.length > 0)
    throw refused(shown.refusals.map(({ path, message }) => messageAt(path, message)));
  await meanwhile();
  await applyPlan(knex, shown, { planAgain: plan, prepare: async () => undefined });
  return planText(shown);
}
