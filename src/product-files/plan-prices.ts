import { newId } from "../database/new-id.ts";
import { parseAmount } from "./amounts.ts";
import type { Draft } from "./plan-draft.ts";
import type { PriceInput, VariantInput } from "./product-input.ts";
import type { Region } from "./references.ts";
import type { StoredPrice } from "./stored-products.ts";

interface Target {
  /** The id of the variant. */
  readonly id: string;
  readonly prices: readonly StoredPrice[];
}

/** Plans the prices of a variant: those of a currency, and those of a region. */
export function planPrices(draft: Draft, variant: VariantInput, { id, prices }: Target): void {
  const named = new Set<string>();
  for (const price of variant.prices) {
    const wanted = wantedPrice(draft, price);
    if (!wanted) continue;
    if ("wrong" in wanted) {
      draft.refuse(variant.place, `${price.label} ${wanted.wrong}`);
      continue;
    }
    const key = `${wanted.currency} ${wanted.regionId}`;
    if (named.has(key)) draft.refuse(variant.place, `${price.label} is there twice`);
    named.add(key);
    planPrice(draft, id, { wanted, before: prices.find((each) => keyOf(each) === key) });
  }
  const others = prices.filter((each) => !named.has(keyOf(each)));
  if (variant.allPrices) removePrices(draft, others);
}

interface WantedPrice {
  readonly currency: string;
  readonly regionId: string | null;
  /** In the currency's smallest unit; `null` for no such price. */
  readonly amount: number | null;
}

interface Wrong {
  readonly wrong: string;
}

/** An empty cell wants nothing where no such price can be, as for an unknown region. */
function wantedPrice(draft: Draft, price: PriceInput): WantedPrice | Wrong | undefined {
  const place = placeOf(draft, price);
  if ("wrong" in place) return price.amount === null ? undefined : place;
  const { amount: written } = price;
  const amount = typeof written === "string" ? parseAmount(written, place.currency) : written;
  return typeof amount === "object" && amount !== null ? amount : { ...place, amount };
}

function planPrice(
  draft: Draft,
  variantId: string,
  { wanted, before }: { readonly wanted: WantedPrice; readonly before: StoredPrice | undefined },
): void {
  const { amount } = wanted;
  if (amount === null) removePrices(draft, before ? [before] : []);
  else if (!before) addPrice(draft, variantId, { ...wanted, amount });
  else if (before.amount !== amount)
    draft.writes.in("money_amount").changed.push({ id: before.id, amount });
}

const keyOf = ({ currency_code, region_id }: StoredPrice) => `${currency_code} ${region_id}`;

type Place = Omit<WantedPrice, "amount"> | Wrong;

/** A price of a region is in the region's currency. */
function placeOf({ state: { references } }: Draft, { currency, region }: PriceInput): Place {
  if (region) {
    const found = regionOf(references.regions, region, currency);
    if (!found)
      return { wrong: `names the region "${region.name ?? region.id}", which is not known` };
    if (currency && found.currency_code !== currency)
      return {
        wrong: `is in ${currency}, but the region "${found.name}" has ${found.currency_code}`,
      };
    return { currency: found.currency_code, regionId: found.id };
  }
  if (!currency) return { wrong: "has neither a currency nor a region" };
  if (!references.hasCurrency(currency)) return { wrong: "has a currency that is not known" };
  return { currency, regionId: null };
}

/** The id says which region it is, or else the name, among regions of one name the currency. */
function regionOf(
  regions: readonly Region[],
  { id, name }: NonNullable<PriceInput["region"]>,
  currency: string | undefined,
): Region | undefined {
  const named = regions.filter((each) => each.name === name);
  return (
    regions.find((each) => each.id === id) ??
    named.find((each) => each.currency_code === currency) ??
    named[0]
  );
}

function addPrice(
  { writes }: Draft,
  variantId: string,
  { currency, regionId, amount }: WantedPrice,
): void {
  const id = newId("ma");
  writes
    .in("money_amount")
    .added.push({ id, amount, currency_code: currency, region_id: regionId });
  writes
    .in("product_variant_money_amount")
    .added.push({ id: newId("pvma"), variant_id: variantId, money_amount_id: id });
}

function removePrices({ writes }: Draft, prices: readonly StoredPrice[]): void {
  writes.in("money_amount").removed.push(...prices.map(({ id }) => id));
  writes.in("product_variant_money_amount").removed.push(...prices.map(({ link_id }) => link_id));
}
