import type { Knex } from "knex";
import type { Call } from "../../call.ts";
import { InvalidData, NotFound } from "../../errors.ts";
import { findOrMakeGuest } from "../customers/guest-customers.ts";
import { findDiscounts } from "../discounts/discount-queries.ts";
import { keptTogether, mustAllBeFound, mustBeUsable, plainCode } from "../discounts/discount-rules.ts";
import { findGiftCards } from "../gift-cards/gift-card-queries.ts";
import { mustPayIn } from "../gift-cards/gift-card-rules.ts";
import { findCartCustomer, findOpenChannel, findProductsOfChannel, findRegion } from "./cart-queries.ts";
import { mustBeCountryOf, mustBeMovable, mustBeOpen, mustTakeGiftCards } from "./cart-rules.ts";
import type { CartChange } from "./cart-schemas.ts";
import type { Cart } from "./cart-tree.ts";
import { withBillingAddress, withShippingAddress, withShippingCountry } from "./change-addresses.ts";
import { removeLines } from "./change-lines.ts";
import type { FulfillmentDesk } from "./fulfillment-desk.ts";
import type { Means } from "./means.ts";
import { recalculated } from "./recalculated.ts";
import { findCovered, findLinePrices } from "./renew.ts";

/** A cart on its way through a change, and what is to be worked out anew at its end. */
interface Changing {
  readonly cart: Cart;
  readonly reprices: boolean;
  readonly adjusts: boolean;
  readonly shipsAnew: boolean;
}

/**
 * Changes whatever of a cart is named, in Medusa's order: customer, region, addresses, sales channel, discounts, gift cards, context. Who is logged in goes
 * before a customer or an e-mail that is named.
 * @throws InvalidData · NotAllowed · NotFound what is named is not there, or not for this cart
 */
export async function changeCart(
  trx: Knex.Transaction,
  call: Call,
  cart: Cart,
  sent: CartChange,
  desk: FulfillmentDesk,
  newId: Means["newId"],
): Promise<Cart> {
  let changing: Changing = { cart, reprices: false, adjusts: false, shipsAnew: false };
  changing = await settleCustomer(trx, call, changing, sent, newId);
  changing = await settleRegion(trx, call, changing, sent);
  if (Object.keys(sent).some((name) => name !== "email")) mustBeOpen(cart);
  changing = { ...changing, cart: await withBillingAddress(trx, call, changing.cart, sent.billing_address) };
  changing = { ...changing, cart: await withShippingAddress(trx, call, changing.cart, sent.shipping_address) };
  changing = await settleChannel(trx, call, changing, sent);
  changing = await settleDiscounts(trx, call, changing, sent);
  changing = await settleGiftCards(trx, call, changing, sent);
  const next = withContext(changing.cart, sent);
  return renewed(trx, call, { ...changing, cart: changing.shipsAnew ? await desk.withPrices(next) : next });
}

/** Gives a cart to the customer who is logged in, at their prices. */
export async function takeOver(trx: Knex.Transaction, call: Call, cart: Cart, newId: Means["newId"]): Promise<Cart> {
  const changing = { cart, reprices: false, adjusts: false, shipsAnew: false };
  return renewed(trx, call, await settleCustomer(trx, call, changing, {}, newId));
}

async function settleCustomer(
  trx: Knex.Transaction,
  call: Call,
  changing: Changing,
  sent: CartChange,
  newId: Means["newId"],
): Promise<Changing> {
  const { cart } = changing;
  // The cart of another account stays theirs, and a placed order's its buyer's.
  if (call.customerId && (cart.completed_at || isOthers(cart, call.customerId))) return changing;
  const id = call.customerId ?? (sent.customer_id || undefined);
  if (id) {
    const customer = await findCartCustomer(trx, id);
    if (!customer || (customer.has_account && id !== call.customerId && id !== cart.customer_id))
      throw new NotFound(`Customer with id: ${id} was not found`);
    return { ...changing, cart: withCustomer(cart, customer), reprices: true };
  }
  if (sent.email === undefined) return { ...changing, reprices: sent.customer_id !== undefined };
  if (sent.email === null) throw new InvalidData("The email is not valid");
  const guest = await findOrMakeGuest(trx, sent.email.toLowerCase(), newId("cus"));
  return { ...changing, cart: withCustomer(cart, (await findCartCustomer(trx, guest))!) };
}

function isOthers({ customer }: Cart, customerId: string): boolean {
  return customer?.has_account === true && customer.id !== customerId;
}

function withCustomer(cart: Cart, customer: NonNullable<Cart["customer"]>): Cart {
  return { ...cart, customer, customer_id: customer.id, email: customer.email };
}

/** A region, even the present one, brings its prices anew. */
async function settleRegion(trx: Knex.Transaction, call: Call, changing: Changing, sent: CartChange): Promise<Changing> {
  const { cart } = changing;
  if (sent.region_id === undefined) return changing;
  if (sent.region_id === cart.region_id) return { ...changing, reprices: true };
  const region = await findRegion(trx, String(sent.region_id));
  mustBeMovable(cart);
  const named = typeof sent.shipping_address === "string" ? undefined : sent.shipping_address?.country_code;
  const country = sent.country_code || named || undefined;
  if (country !== undefined) mustBeCountryOf(region, country);
  const only = region.countries.length === 1 ? (region.countries[0]?.iso_2 ?? null) : null;
  const moved: Cart = {
    ...withShippingCountry(cart, country?.toLowerCase() ?? only, call.now),
    region,
    region_id: region.id,
    shipping_methods: [],
    discounts: cart.discounts.filter(({ regions }) => regions.some(({ id }) => id === region.id)),
    gift_cards: [],
    payment_sessions: [],
  };
  return { ...changing, cart: moved, reprices: true, adjusts: cart.items.length > 0 };
}

/** Lines that are not sold in a new channel go. */
async function settleChannel(trx: Knex.Transaction, call: Call, changing: Changing, sent: CartChange): Promise<Changing> {
  const { cart } = changing;
  const { sales_channel_id: id } = sent;
  if (id === undefined || id === null || id === cart.sales_channel_id) return changing;
  const channelId = await findOpenChannel(trx, id);
  const products = cart.items.flatMap(({ variant }) => (variant ? [variant.product_id] : []));
  const sold = await findProductsOfChannel(trx, id, products);
  const foreign = cart.items.filter((line) => !line.is_return && !(line.variant && sold.has(line.variant.product_id)));
  const left = await removeLines(trx, call, cart, new Set(foreign.map((line) => line.id)));
  return { ...changing, cart: { ...left, sales_channel_id: channelId } };
}

/** The codes that are named take the place of the present ones. */
async function settleDiscounts(trx: Knex.Transaction, call: Call, changing: Changing, sent: CartChange): Promise<Changing> {
  if (!sent.discounts) return changing;
  const codes = sent.discounts.map(({ code }) => plainCode(code));
  const found = codes.length > 0 ? await findDiscounts(trx, codes, changing.cart.customer_id) : [];
  mustAllBeFound(codes, found);
  for (const discount of found) mustBeUsable(discount, changing.cart, call.now);
  const discounts = keptTogether(found);
  const ships = [...changing.cart.discounts, ...discounts].some(isFreeShipping);
  const adjusts = codes.length === 0 || !found.every(isFreeShipping);
  return {
    cart: { ...changing.cart, discounts },
    reprices: changing.reprices,
    adjusts: changing.adjusts || adjusts,
    shipsAnew: ships,
  };
}

function isFreeShipping({ rule }: { readonly rule: { readonly type: string } }): boolean {
  return rule.type === "free_shipping";
}

async function settleGiftCards(trx: Knex.Transaction, call: Call, changing: Changing, sent: CartChange): Promise<Changing> {
  if (sent.gift_cards === undefined) return changing;
  const codes = [...new Set((sent.gift_cards ?? []).map(({ code }) => code))];
  if (codes.length > 0) mustTakeGiftCards(changing.cart);
  const found = codes.length > 0 ? await findGiftCards(trx, codes) : [];
  for (const code of codes) {
    const card = found.find((candidate) => candidate.code === code);
    if (!card) throw new NotFound(`Gift card with code: ${code} was not found`);
    mustPayIn(changing.cart.region_id, card, call.now);
  }
  return { ...changing, cart: { ...changing.cart, gift_cards: found } };
}

function withContext(cart: Cart, { context }: CartChange): Cart {
  if (context === undefined) return cart;
  return { ...cart, context: { ...Object(cart.context ?? {}), ...Object(context ?? {}) } };
}

async function renewed(trx: Knex.Transaction, call: Call, changing: Changing): Promise<Cart> {
  const { reprices, adjusts, shipsAnew } = changing;
  if (changing.cart.completed_at) return changing.cart;
  const prices = reprices ? await findLinePrices(trx, changing.cart) : new Map();
  // A line that was priced anew has to be shipped anew, as Medusa marks it.
  const items = changing.cart.items.map((line) => (prices.has(line.id) ? { ...line, has_shipping: false } : line));
  const cart = { ...changing.cart, items };
  return recalculated(cart, {
    prices,
    unpriced: "drop",
    covered: adjusts ? await findCovered(trx, cart) : undefined,
    ...(shipsAnew ? { shippingPrices: "discounted" as const } : {}),
    now: call.now,
  });
}

/**
 * Takes a code off a cart, as it is written; nothing changes if it is not there, but all discounts are worked out anew. Where shipping was free, methods
 * cost again, as in Medusa, even if free shipping stays; its totals count for nothing then all the same.
 */
export async function removeDiscount(
  trx: Knex.Transaction,
  call: Call,
  cart: Cart,
  code: string,
  desk: FulfillmentDesk,
): Promise<Cart> {
  mustBeOpen(cart);
  const wasFree = cart.discounts.some(isFreeShipping);
  const left = { ...cart, discounts: cart.discounts.filter((discount) => discount.code !== code) };
  const next = wasFree ? await desk.withPrices(left) : left;
  return recalculated(next, {
    covered: await findCovered(trx, next),
    ...(wasFree ? { shippingPrices: "full" as const } : {}),
    now: call.now,
  });
}
