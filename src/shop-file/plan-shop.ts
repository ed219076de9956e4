import type { Knex } from "knex";
import { nearestWord } from "../core/nearest-word.ts";
import { query, sql } from "../database/sql.ts";
import type { World } from "./kind.ts";
import { discounts } from "./kinds/discounts.ts";
import { giftCards } from "./kinds/gift-cards.ts";
import { priceLists } from "./kinds/price-lists.ts";
import { regions } from "./kinds/regions.ts";
import { returnReasons } from "./kinds/return-reasons.ts";
import { shippingOptions } from "./kinds/shipping-options.ts";
import {
  currencies,
  customerGroups,
  publishableKeys,
  salesChannels,
  shippingProfiles,
  store,
} from "./kinds/store-kinds.ts";
import { taxRates } from "./kinds/tax-rates.ts";
import {
  isCatalogueNoun,
  loadCatalogueNames,
  loadProviderNames,
  type ProviderIds,
} from "./load-catalogue-names.ts";
import { Names } from "./names.ts";
import {
  type FileRefusal,
  type KindPlan,
  KindPlanner,
  type MissingNames,
  type PlannedChange,
  type WaitingEntry,
} from "./plan-kind.ts";
import { type ShopFile, shopFileSchema } from "./shop-file-schema.ts";

/** What applying a shop file would do. */
export interface ShopPlan {
  /** In the order in which they are written. */
  readonly changes: readonly PlannedChange[];
  readonly refusals: readonly FileRefusal[];
  readonly waiting: readonly WaitingEntry[];
  readonly leftAlone: readonly KindPlan["leftAlone"][];
}

/** What a plan depends on beside the file and the database. */
export interface PlanOptions {
  readonly providers: ProviderIds;
  /** Whether entries that name products which do not exist wait, instead of being refused. */
  readonly skipMissing: boolean;
}

/** Compares a shop file with a shop. Writes nothing. */
export async function planShop(
  trx: Knex,
  file: ShopFile,
  { providers, skipMissing }: PlanOptions,
): Promise<ShopPlan> {
  const names = new Names();
  const { ofRegions, all } = plannersOf(file);
  for (const planner of all) await planner.load(trx, names);
  await loadProviderNames(trx, providers, names);
  await loadCatalogueNames(
    trx,
    all.flatMap((planner) => planner.references()),
    names,
  );
  const world = { ...(await readWorld(trx)), names, regions: byName(ofRegions.merged()) };
  const missing = missingNames(
    names,
    all.flatMap((planner) => planner.names()),
    skipMissing,
  );
  const plans = all.map((planner) => planner.plan(world, missing));
  return {
    changes: plans.flatMap(({ changes }) => changes),
    refusals: plans.flatMap(({ refusals }) => refusals),
    waiting: plans.flatMap(({ waiting }) => waiting),
    leftAlone: plans.map(({ leftAlone }) => leftAlone).filter(({ labels }) => labels.length > 0),
  };
}

/** Returns a shop as a shop file would describe it, without what every new entry has anyway. */
export async function readShop(trx: Knex): Promise<ShopFile> {
  const { all } = plannersOf({});
  const parts = new Map<string, unknown>();
  for (const planner of all) {
    const entries = await planner.readAll(trx);
    if (entries.length > 0)
      parts.set(planner.section, planner.section === "store" ? entries[0] : entries);
  }
  const sections = Object.keys(shopFileSchema.shape).filter((section) => parts.has(section));
  return Object.fromEntries(sections.map((section) => [section, parts.get(section)]));
}

/** Entries are written in this order: each may name those before it. */
function plannersOf(file: ShopFile) {
  const ofRegions = new KindPlanner(regions, file);
  const all = [
    new KindPlanner(currencies, file),
    new KindPlanner(salesChannels, file),
    new KindPlanner(store, file),
    new KindPlanner(publishableKeys, file),
    new KindPlanner(customerGroups, file),
    new KindPlanner(returnReasons, file),
    new KindPlanner(shippingProfiles, file),
    ofRegions,
    new KindPlanner(shippingOptions, file),
    new KindPlanner(taxRates, file),
    new KindPlanner(priceLists, file),
    new KindPlanner(discounts, file),
    new KindPlanner(giftCards, file),
  ];
  return { ofRegions, all };
}

function byName<E extends { name: string }>(entries: readonly E[]): Map<string, E> {
  return new Map(entries.map((entry) => [entry.name, entry]));
}

async function readWorld(trx: Knex): Promise<Pick<World, "currencyCodes" | "countryCodes">> {
  const [row] = await query<{ currencies: string[]; countries: string[] }>(
    trx,
    sql`select array(select code from currency) as currencies,
      array(select iso_2 from country) as countries`,
  );
  return { currencyCodes: new Set(row?.currencies), countryCodes: new Set(row?.countries) };
}

function missingNames(
  names: Names,
  written: readonly { noun: string; name: string }[],
  skipMissing: boolean,
): MissingNames {
  const future = new Set(written.map(({ noun, name }) => `${noun} ${name}`));
  return {
    isMissing: ({ noun, name }) => !names.has(noun, name) && !future.has(`${noun} ${name}`),
    mayWait: ({ noun }) => skipMissing && isCatalogueNoun(noun),
    messageFor: ({ noun, name }) => {
      const ofFile = written.filter((one) => one.noun === noun).map((one) => one.name);
      const nearest = isCatalogueNoun(noun)
        ? undefined
        : nearestWord(name, [...ofFile, ...names.all(noun)]);
      const hint = nearest === undefined ? "" : `: did you mean "${nearest}"?`;
      return `there is no ${noun} "${name}"${hint}`;
    },
  };
}
