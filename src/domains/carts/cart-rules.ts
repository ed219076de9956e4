import { InvalidDataError, NotAllowedError } from "../../core/errors.ts";
import { covers } from "../inventory/inventory-rules.ts";
import type { VariantForSale } from "../variants/variants-for-sale.ts";
import type { Cart, CartRegion, Line, VariantOfLine } from "./cart-tree.ts";

/** The largest quantity that a line can hold. */
const MAX_QUANTITY = 2_147_483_647;

/**
 * Lines, addresses, methods, codes and region of a completed cart are its order's.
 * @throws NotAllowed
 */
export function mustBeOpen(cart: Cart): void {
  if (cart.completed_at) throw new NotAllowedError("A completed cart cannot be changed");
}

/**
 * A cart that is paid for stays where it is, and a swap's where its order is: what comes back has
 * no price elsewhere.
 * @throws NotAllowed
 */
export function mustBeMovable(cart: Cart): void {
  if (cart.type === "swap")
    throw new NotAllowedError("The cart of a swap stays in its order's region");
  if (cart.completed_at || cart.payment_authorized_at)
    throw new NotAllowedError("Cannot change the region of a completed cart");
}

/** @throws InvalidData */
export function mustBeQuantity(quantity: number): void {
  if (quantity < 0) throw new InvalidDataError("quantity must not be less than 0");
  if (quantity > MAX_QUANTITY)
    throw new InvalidDataError(`quantity must not be greater than ${MAX_QUANTITY}`);
}

/**
 * The variants that were asked for, in that order.
 * @throws InvalidData naming those that are not there
 */
export function requireVariants(
  ids: readonly string[],
  found: ReadonlyMap<string, VariantForSale>,
): VariantForSale[] {
  const missing = [...new Set(ids)].filter((id) => !found.has(id));
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
 * A cart of a sales channel holds only what is sold there.
 * @throws InvalidData naming the products that are not
 */
export function mustBeSoldIn(channelId: string | null, variants: readonly VariantForSale[]): void {
  if (!channelId) return;
  const foreign = variants.filter((variant) => !variant.channelIds.includes(channelId));
  if (foreign.length === 0) return;
  const titles = foreign.map(({ row }) => row.product?.title).join(" - ");
  throw new InvalidDataError(
    `The products [${titles}] must belongs to the sales channel on which the cart has been created.`,
  );
}

/** @throws NotAllowed with the code `insufficient_inventory` */
export function mustCoverNewLine({ row }: VariantForSale, quantity: number): void {
  if (covers(row, quantity)) return;
  throw new NotAllowedError(
    `Variant with id: ${row.id} does not have the required inventory`,
    "insufficient_inventory",
  );
}

/** @throws NotAllowed with the code `insufficient_inventory` */
export function mustCoverChangedLine(variant: VariantOfLine | null, quantity: number): void {
  if (!variant || covers(variant, quantity)) return;
  throw new NotAllowedError(
    "Inventory doesn't cover the desired quantity",
    "insufficient_inventory",
  );
}

/**
 * What came back on a swap is settled already.
 * @throws NotAllowed
 */
export function mustNotBeReturned(line: Line): void {
  if (line.is_return) throw new NotAllowedError("A returned line cannot be changed");
}

/**
 * What a gift card pays is its order's, and a swap makes none.
 * @throws NotAllowed
 */
export function mustTakeGiftCards(cart: Cart): void {
  if (cart.type === "swap") throw new NotAllowedError("Gift cards cannot pay for a swap");
}

/** Whether a country, in any case, is one of a region's. */
export function isCountryOf(region: CartRegion, code: string): boolean {
  return region.countries.some(({ iso_2 }) => iso_2 === code.toLowerCase());
}

/** @throws NotAllowed */
export function mustBeCountryOf(region: CartRegion, code: string): void {
  if (!isCountryOf(region, code)) throw new NotAllowedError("Country not available in region");
}
