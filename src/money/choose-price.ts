/**
 * Chooses which of a variant's prices a customer sees and pays. The rules are those of Medusa
 * 1.20.11's price selection (with tax-inclusive pricing on). The functions are pure, so that the
 * catalogue, carts and order edits choose alike.
 */

/**
 * A price with all that the choice depends on. Amounts are integers in the currency's smallest
 * unit.
 */
export interface Price {
  readonly amount: number;
  readonly currencyCode: string;
  readonly regionId: string | null;
  readonly minQuantity: number | null;
  readonly maxQuantity: number | null;
  /** Whether prices in this currency include tax. */
  readonly currencyIncludesTax: boolean;
  /** Whether prices of the price's own region include tax; false without a region. */
  readonly regionIncludesTax: boolean;
  /** Null for a default price; undefined if the price belongs to a deleted price list. */
  readonly list: PriceList | null | undefined;
}

interface PriceList {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly startsAt: string | null;
  readonly endsAt: string | null;
  readonly includesTax: boolean;
  /** The customer groups that the list is limited to; empty if it applies to everybody. */
  readonly groupIds: readonly string[];
}

/** The customer, place and quantity that a price is chosen for. */
export interface PriceContext {
  readonly regionId?: string | undefined;
  readonly currencyCode?: string | undefined;
  readonly groupIds: ReadonlySet<string>;
  /** Without a quantity, prices with a `min_quantity` are listed but not chosen. */
  readonly quantity?: number | undefined;
  /**
   * The product's tax rates in percent, if taxes are calculated. Tax-inclusive and tax-exclusive
   * prices are then compared with tax.
   */
  readonly rates?: readonly number[] | undefined;
  readonly now: Date;
}

/**
 * The chosen prices. Amounts are integers in the currency's smallest unit; null if no price
 * matches.
 */
export interface PriceChoice<P extends Price> {
  /** The prices that the customer may see in the context. */
  readonly visible: readonly P[];
  readonly original: Chosen | null;
  readonly calculated: (Chosen & { readonly type: string }) | null;
}

interface Chosen {
  readonly amount: number;
  readonly includesTax: boolean;
}

/**
 * Chooses among the prices of one variant. The original price is the region's default price, or
 * else the currency's. The calculated price is the lowest price that matches quantity and context,
 * so a price list never raises a price.
 */
export function choosePrice<P extends Price>(
  prices: readonly P[],
  context: PriceContext,
): PriceChoice<P> {
  const visible = prices.filter((price) => isOpen(price, context) && fitsContext(price, context));
  const matching =
    context.regionId || context.currencyCode
      ? visible.filter((price) => appliesIn(price, context))
      : [];
  return {
    visible,
    original: original(matching, context),
    calculated: calculated(matching, context),
  };
}

/**
 * Returns whether a price may be shown to the customer: it is a default price, or of a list that is
 * active, running and open to this customer's groups.
 */
export function isOpen(
  { list }: Price,
  { groupIds, now }: Pick<PriceContext, "groupIds" | "now">,
): boolean {
  if (list === null) return true;
  if (list === undefined || list.status !== "active") return false;
  if (list.startsAt !== null && new Date(list.startsAt) >= now) return false;
  if (list.endsAt !== null && new Date(list.endsAt) <= now) return false;
  return list.groupIds.length === 0 || list.groupIds.some((id) => groupIds.has(id));
}

function fitsContext(price: Price, { regionId, currencyCode }: PriceContext): boolean {
  if (!regionId && !currencyCode) return true;
  return (
    (!!regionId && price.regionId === regionId) ||
    (!!currencyCode && price.currencyCode === currencyCode)
  );
}

/**
 * A region's own price applies in that region only. Where only a currency is known, the prices of
 * all its regions apply, as in Medusa; nothing is sold there.
 */
function appliesIn({ regionId }: Price, context: PriceContext): boolean {
  return regionId === null || !context.regionId || regionId === context.regionId;
}

function original(
  prices: readonly Price[],
  { regionId, currencyCode }: PriceContext,
): Chosen | null {
  const plain = prices.filter(
    (price) => price.list === null && price.minQuantity === null && price.maxQuantity === null,
  );
  const ofRegion = regionId ? plain.findLast((price) => price.regionId === regionId) : undefined;
  const price = ofRegion ?? plain.find((candidate) => candidate.currencyCode === currencyCode);
  return price ? { amount: price.amount, includesTax: includesTax(price) } : null;
}

function calculated(
  prices: readonly Price[],
  context: PriceContext,
): PriceChoice<Price>["calculated"] {
  const factor = context.rates && 1 + context.rates.reduce((sum, rate) => sum + rate / 100, 0);
  let lowest: PriceChoice<Price>["calculated"] = null;
  for (const price of withoutReplaced(prices, context)) {
    if (!fitsQuantity(price, context.quantity)) continue;
    const candidate = {
      amount: price.amount,
      includesTax: includesTax(price),
      type: price.list?.type ?? "default",
    };
    if (lowest === null || isLower(candidate, lowest, factor)) lowest = candidate;
  }
  return lowest;
}

/**
 * A region's own price for any quantity replaces the prices of the currency, among the default
 * prices and in each price list. Otherwise the region could never be dearer than the currency.
 */
function withoutReplaced(prices: readonly Price[], { regionId }: PriceContext): readonly Price[] {
  if (!regionId) return prices;
  const own = prices.filter((price) => price.regionId === regionId);
  const replaced = new Set(
    own
      .filter(({ minQuantity, maxQuantity }) => !minQuantity && !maxQuantity)
      .map(({ list }) => list?.id),
  );
  if (replaced.size === 0) return prices;
  return prices.filter((price) => price.regionId === regionId || !replaced.has(price.list?.id));
}

/** A price includes tax if its list, its region or its currency says so. */
function includesTax({ list, regionIncludesTax, currencyIncludesTax }: Price): boolean {
  return list?.includesTax || regionIncludesTax || currencyIncludesTax;
}

function fitsQuantity({ minQuantity, maxQuantity }: Price, quantity: number | undefined): boolean {
  if (quantity === undefined) return !minQuantity;
  return (!minQuantity || minQuantity <= quantity) && (!maxQuantity || maxQuantity >= quantity);
}

/**
 * Tax-inclusive and tax-exclusive prices are compared with tax. Without known rates they cannot be
 * compared, and the first one stays.
 */
function isLower(candidate: Chosen, lowest: Chosen, factor: number | undefined): boolean {
  if (candidate.includesTax === lowest.includesTax) return candidate.amount < lowest.amount;
  if (factor === undefined) return false;
  return candidate.includesTax
    ? candidate.amount < factor * lowest.amount
    : factor * candidate.amount < lowest.amount;
}
