import type { Transaction } from "../../commands/transaction.ts";
import { NotFoundError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import { findDiscounts } from "../discounts/discount-queries.ts";
import {
  combinableDiscounts,
  mustAllBeFound,
  mustBeUsable,
  plainCode,
} from "../discounts/discount-rules.ts";
import { findGiftCards } from "../gift-cards/gift-card-queries.ts";
import { mustPayIn } from "../gift-cards/gift-card-rules.ts";
import { findOpenChannel, findProductsOfChannel, findRegion } from "./cart-queries.ts";
import {
  hasPriceSetByHand,
  mustBeCountryOf,
  mustBeMovable,
  mustBeOpen,
  mustKeepCurrency,
  mustTakeGiftCards,
} from "./cart-rules.ts";
import type { CartChange } from "./cart-schemas.ts";
import type { Cart, Line } from "./cart-tree.ts";
import {
  changeBillingAddress,
  changeShippingAddress,
  withShippingCountry,
} from "./change-addresses.ts";
import { removeLines } from "./change-lines.ts";
import { findBuyer } from "./find-buyer.ts";
import type { CartTools } from "./fulfillment-gateway.ts";
import { isPricedAgain } from "./load-pricing.ts";
import { isShippedFree, type Recalculation, recalculate } from "./recalculate.ts";
import { settleCustomer } from "./settle-customer.ts";

/** A cart on its way through one change, and what the recalculation at the end must know. */
interface CartDraft {
  readonly cart: Cart;
  /** Whether the change may price all lines for another customer or region. */
  readonly reprices: boolean;
  readonly moved?: Recalculation["moved"];
  readonly repricesShipping: boolean;
}

/**
 * Changes those properties of a cart that the input names, in Medusa's order: customer, region,
 * addresses, sales channel, discounts, gift cards, context. A logged-in customer takes precedence
 * over a customer id or an e-mail in the input.
 * @throws InvalidDataError if the input does not fit the cart or itself
 * @throws NotAllowedError if the cart is completed, or a rule forbids the change
 * @throws NotFoundError if something that the input names does not exist
 */
export async function changeCart(
  trx: Transaction,
  ctx: RequestContext,
  cart: Cart,
  input: CartChange,
  { newId, ...tools }: CartTools,
): Promise<Cart> {
  let draft: CartDraft = {
    ...(await settleCustomer(trx, ctx, cart, input, newId)),
    repricesShipping: false,
  };
  draft = await settleRegion(trx, ctx, draft, input);
  if (Object.keys(input).some((name) => name !== "email")) mustBeOpen(cart);
  draft = {
    ...draft,
    cart: await changeBillingAddress(trx, ctx, draft.cart, input.billing_address),
  };
  draft = {
    ...draft,
    cart: await changeShippingAddress(trx, ctx, draft.cart, input.shipping_address),
  };
  draft = await settleChannel(trx, ctx, draft, input, tools);
  draft = await settleDiscounts(trx, ctx, draft, input);
  draft = await settleGiftCards(trx, ctx, draft, input);
  return recalculateDraft(trx, ctx, { ...draft, cart: withContext(draft.cart, input) }, tools);
}

/** Transfers the cart to the logged-in customer, at that customer's prices. */
export async function transferToCustomer(
  trx: Transaction,
  ctx: RequestContext,
  cart: Cart,
  { newId, ...tools }: CartTools,
): Promise<Cart> {
  const settled = await settleCustomer(trx, ctx, cart, {}, newId);
  return recalculateDraft(trx, ctx, { ...settled, repricesShipping: false }, tools);
}

/** Changes the region. */
async function settleRegion(
  trx: Transaction,
  ctx: RequestContext,
  draft: CartDraft,
  input: CartChange,
): Promise<CartDraft> {
  const { cart } = draft;
  if (input.region_id === undefined) return draft;
  if (input.region_id === cart.region_id) return { ...draft, reprices: true };
  const region = await findRegion(trx, String(input.region_id));
  mustBeMovable(cart);
  mustKeepCurrency(cart, region);
  const named =
    typeof input.shipping_address === "string" ? undefined : input.shipping_address?.country_code;
  const country = input.country_code || named || undefined;
  if (country !== undefined) mustBeCountryOf(region, country);
  const only = region.countries.length === 1 ? (region.countries[0]?.iso_2 ?? null) : null;
  const moved: Cart = {
    ...withShippingCountry(cart, country?.toLowerCase() ?? only, ctx.now),
    region,
    region_id: region.id,
    shipping_methods: [],
    gift_cards: [],
    payment_sessions: [],
  };
  const isSameCurrency = region.currency_code === cart.region.currency_code;
  return { ...draft, cart: moved, reprices: true, moved: isSameCurrency ? "region" : "currency" };
}

/**
 * Changes the sales channel. Removes the lines that are not sold in the new one, except those that
 * the shop put into the cart by hand.
 */
async function settleChannel(
  trx: Transaction,
  ctx: RequestContext,
  draft: CartDraft,
  input: CartChange,
  tools: Pick<CartTools, "variants">,
): Promise<CartDraft> {
  const { cart } = draft;
  const { sales_channel_id: id } = input;
  if (id === undefined || id === null || id === cart.sales_channel_id) return draft;
  const channelId = await findOpenChannel(trx, id);
  const products = cart.items.flatMap(({ variant }) => (variant ? [variant.product_id] : []));
  const sold = await findProductsOfChannel(trx, id, products);
  const foreign = cart.items.filter(
    (line) =>
      !line.is_return &&
      !hasPriceSetByHand(cart, line) &&
      !(line.variant && sold.has(line.variant.product_id)),
  );
  const foreignIds = new Set(foreign.map((line) => line.id));
  const remaining = await removeLines(trx, ctx, cart, foreignIds, tools);
  return { ...draft, cart: { ...remaining, sales_channel_id: channelId } };
}

/** Replaces the cart's discounts by those with the given codes. */
async function settleDiscounts(
  trx: Transaction,
  ctx: RequestContext,
  draft: CartDraft,
  input: CartChange,
): Promise<CartDraft> {
  if (!input.discounts) return draft;
  const codes = input.discounts.map(({ code }) => plainCode(code));
  const buyer = await findBuyer(trx, ctx, draft.cart);
  const found = codes.length > 0 ? await findDiscounts(trx, codes, buyer?.id ?? null) : [];
  mustAllBeFound(codes, found);
  for (const discount of found) mustBeUsable(discount, draft.cart, ctx.now);
  const cart = { ...draft.cart, discounts: combinableDiscounts(found) };
  return { ...draft, cart, repricesShipping: isShippedFree(draft.cart) || isShippedFree(cart) };
}

async function settleGiftCards(
  trx: Transaction,
  ctx: RequestContext,
  draft: CartDraft,
  input: CartChange,
): Promise<CartDraft> {
  if (input.gift_cards === undefined) return draft;
  const codes = [...new Set((input.gift_cards ?? []).map(({ code }) => code))];
  if (codes.length > 0) mustTakeGiftCards(draft.cart);
  const found = codes.length > 0 ? await findGiftCards(trx, codes) : [];
  for (const code of codes) {
    const card = found.find((candidate) => candidate.code === code);
    if (!card) throw new NotFoundError(`Gift card with code: ${code} was not found`);
    mustPayIn(draft.cart.region_id, card, ctx.now);
  }
  return { ...draft, cart: { ...draft.cart, gift_cards: found } };
}

function withContext(cart: Cart, { context }: CartChange): Cart {
  if (context === undefined) return cart;
  return { ...cart, context: { ...Object(cart.context ?? {}), ...Object(context ?? {}) } };
}

async function recalculateDraft(
  trx: Transaction,
  ctx: RequestContext,
  { cart, reprices, moved, repricesShipping }: CartDraft,
  { gateway, variants }: Pick<CartTools, "gateway" | "variants">,
): Promise<Cart> {
  if (cart.completed_at) return cart;
  // A line that is priced for another customer or region must be shipped again, as in Medusa.
  const isUnshipped = (line: Line) => reprices && isPricedAgain(cart, line, new Set());
  const items = cart.items.map((line) =>
    isUnshipped(line) ? { ...line, has_shipping: false } : line,
  );
  const shipping = repricesShipping ? { shippingPrices: "discounted" as const } : {};
  return recalculate(trx, ctx, { ...cart, items }, { moved, ...shipping, gateway, variants });
}

/**
 * Removes a discount by its code, exactly as written. A missing one is not an error. If shipping
 * was free, shipping methods get their full price again, as in Medusa, even if another
 * free-shipping discount remains; the totals then still count shipping as free.
 * @throws NotAllowedError if the cart is completed
 */
export async function removeDiscount(
  trx: Transaction,
  ctx: RequestContext,
  cart: Cart,
  code: string,
  { gateway, variants }: CartTools,
): Promise<Cart> {
  mustBeOpen(cart);
  const remaining = cart.discounts.filter((discount) => discount.code !== code);
  const shipping = isShippedFree(cart) ? { shippingPrices: "full" as const } : {};
  return recalculate(
    trx,
    ctx,
    { ...cart, discounts: remaining },
    { ...shipping, gateway, variants },
  );
}
