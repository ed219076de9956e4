import { InvalidDataError, NotAllowedError, NotFoundError } from "../../core/errors.ts";
import type { FoundDiscount } from "./discount-queries.ts";

/** Returns a code as it is stored: in upper case and trimmed. */
export function plainCode(code: string): string {
  return code.toUpperCase().trim();
}

/**
 * Requires that all codes were found and none was sent twice; otherwise all are refused.
 * @throws NotFoundError naming all codes, as Medusa does
 */
export function mustAllBeFound(codes: readonly string[], found: readonly FoundDiscount[]): void {
  if (found.length !== codes.length)
    throw new NotFoundError(`Discounts with code [${codes.join(", ")}] was not found`);
}

/** The customer and the region of a cart. */
interface CartContext {
  readonly customer_id: string | null;
  readonly region_id: string;
}

/** What decides whether a cart may have a discount. */
export type CheckedDiscount = Pick<
  FoundDiscount,
  | "code"
  | "usage_limit"
  | "usage_count"
  | "starts_at"
  | "ends_at"
  | "is_disabled"
  | "regionIds"
  | "hasGroupConditions"
  | "fitsCustomer"
>;

/**
 * Requires a discount that is not used up, is running and enabled, and applies to the cart.
 * @throws NotAllowedError if it is used up, outside its dates, disabled, or not for the customer
 * @throws InvalidDataError if it is not for the cart's region
 */
export function mustBeUsable(discount: CheckedDiscount, cart: CartContext, now: Date): void {
  const refusal = refusalOf(discount, cart, now);
  if (refusal) throw refusal;
}

/** Returns whether a cart may have a discount, as `mustBeUsable` requires it. */
export function isUsable(discount: CheckedDiscount, cart: CartContext, now: Date): boolean {
  return refusalOf(discount, cart, now) === undefined;
}

function refusalOf(
  discount: CheckedDiscount,
  cart: CartContext,
  now: Date,
): NotAllowedError | InvalidDataError | undefined {
  const { code, usage_limit, usage_count } = discount;
  if (usage_limit && usage_count >= usage_limit)
    return new NotAllowedError(`Discount ${code} has been used maximum allowed times`);
  if (Date.parse(discount.starts_at) > now.getTime())
    return new NotAllowedError(`Discount ${code} is not valid yet`);
  if (discount.ends_at && Date.parse(discount.ends_at) < now.getTime())
    return new NotAllowedError(`Discount ${code} is expired`);
  if (discount.is_disabled) return new NotAllowedError(`The discount code ${code} is disabled`);
  if (!cart.customer_id && discount.hasGroupConditions)
    return new NotAllowedError(`Discount ${code} is only valid for specific customer`);
  if (!discount.regionIds.includes(cart.region_id))
    return new InvalidDataError("The discount is not available in current region");
  if (cart.customer_id && !discount.fitsCustomer)
    return new NotAllowedError(`Discount ${code} is not valid for customer`);
  return undefined;
}

/**
 * Returns the discounts that a cart keeps of several: all that are free shipping, and the first of
 * the others.
 */
export function combinableDiscounts<D extends { readonly rule: { readonly type: string } }>(
  discounts: readonly D[],
): D[] {
  const first = discounts.find(({ rule }) => rule.type !== "free_shipping");
  return discounts.filter(
    (discount) => discount.rule.type === "free_shipping" || discount === first,
  );
}
