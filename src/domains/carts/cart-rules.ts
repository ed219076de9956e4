import { InvalidDataError, NotAllowedError } from "../../core/errors.ts";
import { covers } from "../inventory/inventory-rules.ts";
import type { VariantForSale } from "../variants/variants-for-sale.ts";
import type { Cart, CartRegion, Line, VariantOfLine } from "./cart-tree.ts";
import type { SalesRules } from "./sales-rules.ts";

/** The largest quantity that a line can hold (PostgreSQL's integer). */
const MAX_QUANTITY = 2_147_483_647;

/**
 * A completed cart belongs to its order: lines, addresses, shipping methods, codes and region can
 * no longer change.
 * @throws NotAllowedError
 */
export function mustBeOpen(cart: Cart): void {
  if (cart.completed_at) throw new NotAllowedError("A completed cart cannot be changed");
}

/**
 * A paid cart stays in its region. The cart of a swap stays in its order's region, since its
 * returned lines have no price elsewhere.
 * @throws NotAllowedError
 */
export function mustBeMovable(cart: Cart): void {
  if (cart.type === "swap")
    throw new NotAllowedError("The cart of a swap stays in its order's region");
  if (cart.completed_at || cart.payment_authorized_at)
    throw new NotAllowedError("Cannot change the region of a completed cart");
}

/**
 * Returns whether the shop set the price of a line by hand: Medusa then marks the line as one that
 * nothing merges with. A later change of a draft order's line leaves no mark, so all of its lines
 * count. A line without a variant has no other price.
 */
export function hasPriceSetByHand(cart: Pick<Cart, "type">, line: Line): boolean {
  return !line.should_merge || cart.type === "draft_order" || line.variant_id === null;
}

/**
 * A price that the shop set by hand is an amount of the cart's currency, so the cart stays in
 * regions with this currency.
 * @throws NotAllowedError
 */
export function mustKeepCurrency(cart: Cart, region: CartRegion): void {
  if (region.currency_code === cart.region.currency_code) return;
  if (cart.items.some((line) => hasPriceSetByHand(cart, line)))
    throw new NotAllowedError(
      `The shop has set prices of this cart in ${cart.region.currency_code.toUpperCase()}, ` +
        `so it cannot move to a region with another currency`,
    );
}

/**
 * A quantity is not negative and fits a line.
 * @throws InvalidDataError
 */
export function mustBeQuantity(quantity: number): void {
  if (quantity < 0) throw new InvalidDataError("quantity must not be less than 0");
  if (quantity > MAX_QUANTITY)
    throw new InvalidDataError(`quantity must not be greater than ${MAX_QUANTITY}`);
}

/**
 * Returns the variants with these ids, in this order. A product that is not published is not for
 * sale, unless the shop sells such products.
 * @throws InvalidDataError naming the ids that do not exist or are not for sale
 */
export function requireVariants(
  ids: readonly string[],
  found: ReadonlyMap<string, VariantForSale>,
  { sellsUnpublished }: SalesRules,
): VariantForSale[] {
  const isForSale = (sold: VariantForSale | undefined) =>
    sold && (sold.isPublished || sellsUnpublished);
  const missing = [...new Set(ids)].filter((id) => !isForSale(found.get(id)));
  if (missing.length > 0)
    throw new InvalidDataError(
      `Unable to generate the line items, some variant has not been found: ${missing.join(", ")}`,
    );
  return ids.map((id) => found.get(id)!);
}

/** Returns the error for a variant that has no price in the cart's region. */
export function noPriceError({ row }: VariantForSale): InvalidDataError {
  return new InvalidDataError(
    `Cannot generate line item for variant "${row.title}" without a price`,
  );
}

/**
 * A cart with a sales channel holds only products that are sold there.
 * @throws InvalidDataError naming the other products
 */
export function mustBeSoldIn(channelId: string | null, variants: readonly VariantForSale[]): void {
  if (!channelId) return;
  const foreign = variants.filter((variant) => !variant.channelIds.includes(channelId));
  if (foreign.length === 0) return;
  const titles = foreign.map(({ row }) => row.product?.title).join(" - ");
  throw new InvalidDataError(
    `The products [${titles}] must belongs to the sales channel ` +
      `on which the cart has been created.`,
  );
}

/**
 * The stock of a variant covers the quantity of a new line.
 * @throws NotAllowedError with the code `insufficient_inventory`
 */
export function mustCoverNewLine({ row }: VariantForSale, quantity: number): void {
  if (covers(row, quantity)) return;
  throw new NotAllowedError(
    `Variant with id: ${row.id} does not have the required inventory`,
    "insufficient_inventory",
  );
}

/**
 * The stock of a line's variant covers the line's changed quantity.
 * @throws NotAllowedError with the code `insufficient_inventory`
 */
export function mustCoverChangedLine(variant: VariantOfLine | null, quantity: number): void {
  if (!variant || covers(variant, quantity)) return;
  throw new NotAllowedError(
    "Inventory doesn't cover the desired quantity",
    "insufficient_inventory",
  );
}

/**
 * A returned line of a swap's cart is already settled.
 * @throws NotAllowedError
 */
export function mustNotBeReturned(line: Line): void {
  if (line.is_return) throw new NotAllowedError("A returned line cannot be changed");
}

/**
 * Gift cards cannot pay for a swap: what a gift card pays is recorded with an order, and a swap
 * creates none.
 * @throws NotAllowedError
 */
export function mustTakeGiftCards(cart: Cart): void {
  if (cart.type === "swap") throw new NotAllowedError("Gift cards cannot pay for a swap");
}

/** Returns whether a country code, in upper or lower case, is one of the region's countries. */
export function isCountryOf(region: CartRegion, code: string): boolean {
  return region.countries.some(({ iso_2 }) => iso_2 === code.toLowerCase());
}

/**
 * A country is one of the region's countries.
 * @throws NotAllowedError
 */
export function mustBeCountryOf(region: CartRegion, code: string): void {
  if (!isCountryOf(region, code)) throw new NotAllowedError("Country not available in region");
}
