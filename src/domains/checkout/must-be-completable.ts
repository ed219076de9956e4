import type { Knex } from "knex";
import { NotAllowedError } from "../../core/errors.ts";
import { hasPriceSetByHand } from "../carts/cart-rules.ts";
import type { Cart, CartCustomer, Line } from "../carts/cart-tree.ts";
import { accountOf, findBuyer } from "../carts/find-buyer.ts";
import { findDiscountConditions, type PricedVariants } from "../carts/load-pricing.ts";
import { hasLostShipping } from "../carts/lost-shipping.ts";
import type { SalesRules } from "../carts/sales-rules.ts";
import { mustBeUsable } from "../discounts/discount-rules.ts";
import { findCartOptions } from "../shipping-options/cart-option-queries.ts";
import type { VariantForSale } from "../variants/variants-for-sale.ts";
import type { CompletionConditions } from "./completion-target.ts";

interface Completable extends CompletionConditions {
  readonly sales: SalesRules;
  readonly now: Date;
}

/**
 * Requires what a shop would look at before it takes money: goods that are still for sale, codes
 * that could still be added, and a way to ship. A payment that has begun is not asked again.
 * @throws NotAllowedError naming the goods that are not for sale, a code that can no longer be
 * used, or the missing shipping method
 * @throws InvalidDataError if a code is not for the cart's region
 */
export async function mustBeCompletable(
  trx: Knex.Transaction,
  cart: Cart,
  { sales, variants, customerId, now }: Completable,
): Promise<void> {
  mustBeForSale(cart, sales, variants);
  const buyer = accountOf(cart) ?? (await findBuyer(trx, { customerId }, cart));
  await mustHaveUsableDiscounts(trx, cart, buyer, now);
  await mustBeShippable(trx, cart, sales);
}

function mustBeForSale(cart: Cart, sales: SalesRules, variants: PricedVariants): void {
  const lines = cart.items.filter((line) => line.variant_id !== null && !line.is_return);
  const withdrawn = lines.filter(
    (line) => !isForSale(cart, line, variants.get(line.variant_id!), sales),
  );
  if (withdrawn.length === 0) return;
  const titles = [...new Set(withdrawn.map(({ title }) => `"${title}"`))];
  throw new NotAllowedError(
    `No longer for sale: ${titles.join(", ")}. Remove from the cart what cannot be bought.`,
  );
}

/** What the shop put into a cart by hand is for sale there, wherever else it is sold. */
function isForSale(
  cart: Cart,
  line: Line,
  variant: VariantForSale | undefined,
  { sellsUnpublished }: SalesRules,
): boolean {
  if (!variant) return false;
  if (hasPriceSetByHand(cart, line)) return true;
  const { sales_channel_id } = cart;
  const isInChannel = !sales_channel_id || variant.channelIds.includes(sales_channel_id);
  return isInChannel && (variant.isPublished || sellsUnpublished);
}

async function mustHaveUsableDiscounts(
  trx: Knex.Transaction,
  cart: Cart,
  buyer: CartCustomer | null,
  now: Date,
): Promise<void> {
  if (cart.type === "draft_order") return;
  const conditions = await findDiscountConditions(trx, cart, buyer);
  for (const discount of cart.discounts) {
    const found = conditions.get(discount.id);
    if (found) mustBeUsable({ ...discount, ...found }, cart, now);
  }
}

async function mustBeShippable(
  trx: Knex.Transaction,
  cart: Cart,
  { withoutShipping }: SalesRules,
): Promise<void> {
  if (withoutShipping === "allow" || cart.type === "draft_order") return;
  const toShip = cart.items.filter((line) => !line.is_return && !line.is_giftcard);
  if (cart.shipping_methods.length > 0 || toShip.length === 0) return;
  if (withoutShipping === "never_chosen" && !(await hasLostShipping(trx, cart.id))) return;
  const profiles = toShip.flatMap(({ variant }) => variant?.product?.profiles.at(-1)?.id ?? []);
  if ((await findCartOptions(trx, cart.region_id, profiles)).length > 0)
    throw new NotAllowedError("A shipping method must be chosen before the cart is completed");
}
