import type { Knex } from "knex";
import type { Transaction } from "../../commands/transaction.ts";
import { InvalidDataError, NotFoundError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import { type CartOption, findCartOptions } from "../shipping-options/cart-option-queries.ts";
import {
  type GoodsTotals,
  meetsRequirements,
  mustBeOffered,
  mustMeetRequirements,
} from "../shipping-options/cart-option-rules.ts";
import { mustBeOpen } from "./cart-rules.ts";
import type { NewShippingMethod } from "./cart-schemas.ts";
import { totalsNow } from "./cart-totals.ts";
import type { Cart, Line, Method } from "./cart-tree.ts";
import type { CartTools, FulfillmentGateway } from "./fulfillment-gateway.ts";
import { isShippedFree, recalculate } from "./recalculate.ts";

/**
 * Adds a shipping method to the cart. It replaces the methods of the same shipping profile. If the
 * shop has set custom shipping options for this cart, only these may be chosen, at their price and
 * regardless of their requirements.
 * @throws NotFoundError if the option does not exist
 * @throws InvalidDataError if the option is not for this cart
 * @throws NotAllowedError if the cart is completed, or its totals do not meet the option's
 * requirements
 */
export async function addShippingMethod(
  trx: Transaction,
  ctx: RequestContext,
  cart: Cart,
  input: NewShippingMethod,
  { gateway, newId, variants, option }: CartTools,
): Promise<Cart> {
  mustBeOpen(cart);
  const custom = findCustomPrice(cart, input.option_id);
  if (!option) throw new NotFoundError(`Shipping Option with ${input.option_id} was not found`);
  mustBeOffered(option, cart.region_id, custom !== undefined);
  if (custom === undefined) mustMeetRequirements(option, goodsOf(cart, ctx.now));
  const isFree = isShippedFree(cart) && option.price_type === "calculated";
  const data = await gateway.validateData(option, input.data ?? {}, cart);
  const method: Method = {
    id: newId("sm"),
    shipping_option_id: option.id,
    shipping_option: option,
    order_id: null,
    claim_order_id: null,
    cart_id: cart.id,
    swap_id: null,
    return_id: null,
    price: custom ?? (isFree ? 0 : await gateway.calculatePrice(option, data, cart)),
    data,
    includes_tax: option.includes_tax,
    tax_lines: [],
  };
  const others = cart.shipping_methods.filter(
    (other) => other.shipping_option?.profile_id !== option.profile_id,
  );
  const next = { ...cart, shipping_methods: [...others, method] };
  const items = cart.items.map((line) => withShipping(line, next.shipping_methods));
  const change = isShippedFree(cart) ? { shippingPrices: "discounted" as const } : {};
  return recalculate(trx, ctx, { ...next, items }, { ...change, gateway, variants });
}

/**
 * Returns the price of the cart's custom shipping option, or undefined if it has none at all.
 * @throws InvalidDataError if the cart has custom shipping options, but not this one
 */
function findCustomPrice(
  { custom_shipping_options: custom }: Cart,
  optionId: string,
): number | undefined {
  const option = custom.find(({ shipping_option_id }) => shipping_option_id === optionId);
  if (custom.length > 0 && !option) throw new InvalidDataError("Wrong shipping option");
  return option?.price;
}

function goodsOf(cart: Cart, now: Date): GoodsTotals {
  return totalsNow(cart, { forcesTaxes: false, now }).whole;
}

/**
 * Returns the line with `has_shipping` set. A line without a known profile ships with any method.
 */
function withShipping(line: Line, methods: readonly Method[]): Line {
  const profileId = line.variant?.product?.profiles.at(-1)?.id;
  const has_shipping =
    profileId === undefined ||
    methods.some((method) => method.shipping_option?.profile_id === profileId);
  return { ...line, has_shipping };
}

/**
 * Returns the shipping options that a cart can choose from, priced for it. An empty cart has none.
 * An option is omitted if its provider refuses the cart, is not on this server, or has not returned
 * a price after `seconds`.
 */
export async function findOptionsFor(
  connection: Knex,
  cart: Cart,
  now: Date,
  gateway: FulfillmentGateway,
  seconds: number,
): Promise<CartOption[]> {
  const profiles = cart.items.flatMap((line) => line.variant?.product?.profiles.at(-1)?.id ?? []);
  if (profiles.length === 0) return [];
  const found = await findCartOptions(connection, cart.region_id, profiles);
  const options = found.filter((option) => gateway.hasProvider(option));
  const custom = cart.custom_shipping_options;
  if (custom.length > 0) {
    const prices = new Map(custom.map((option) => [option.shipping_option_id, option.price]));
    return options
      .filter(({ id }) => prices.has(id))
      .map((option) => ({ ...option, amount: prices.get(option.id) ?? null }));
  }
  const goods = goodsOf(cart, now);
  const met = options.filter((option) => meetsRequirements(option, goods));
  const prices = await Promise.all(
    met.map((option) => gateway.findPrice(option, {}, cart, seconds)),
  );
  return met.flatMap((option, index) => {
    const amount = prices[index];
    return amount === undefined ? [] : [{ ...option, amount }];
  });
}
