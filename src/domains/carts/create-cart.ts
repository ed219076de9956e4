import type { Transaction } from "../../commands/transaction.ts";
import { InvalidDataError, NotAllowedError, NotFoundError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import { deferError } from "../../database/send-together.ts";
import { findChannelScope, mustBeOfKey } from "../sales-channels/channel-scope.ts";
import { addNewLines } from "./add-new-lines.ts";
import {
  findCartCustomer,
  findFirstRegionId,
  findOpenChannel,
  findRegion,
} from "./cart-queries.ts";
import { isCountryOf, mustBeSoldIn, mustCoverNewLine } from "./cart-rules.ts";
import type { NewCart } from "./cart-schemas.ts";
import type { Cart, CartCustomer, CartRegion } from "./cart-tree.ts";
import type { CartTools } from "./fulfillment-gateway.ts";
import { emptyCart } from "./new-rows.ts";

type CreationTools = Pick<CartTools, "newId" | "sales">;

/**
 * Creates a cart, without saving it. Its region is the named one, or the shop's oldest. Its sales
 * channel is the named one, the publishable key's, or the store's default.
 * @throws InvalidDataError if there is no region, the channel is disabled, or an item cannot be
 * added
 * @throws NotAllowedError if the country is not in the region, or the stock does not cover an item
 * @throws NotFoundError if something that the input names does not exist
 * @throws MultipleErrors if the channel is not one of the publishable key's
 */
export async function createCart(
  trx: Transaction,
  ctx: RequestContext,
  input: NewCart,
  tools: CreationTools,
): Promise<Cart> {
  const found = await findForCart(trx, ctx, input);
  mustBeOfKey(found.scope, input.sales_channel_id ? [input.sales_channel_id] : undefined);
  const { regionId } = found;
  if (regionId === undefined) throw new InvalidDataError("A region is required to create a cart");
  const customer = found.customer();
  const isNamed = typeof input.sales_channel_id === "string";
  const ofKey = isNamed ? undefined : channelOfKey(found.scope.ofKey);
  const channelId = ofKey ? await findOpenChannel(trx, ofKey) : found.channelId();
  if (!regionId) throw new InvalidDataError("A region_id must be provided when creating a cart");
  const region = found.region?.() ?? (await findRegion(trx, regionId));
  const context = {
    ip: ctx.client.ip,
    user_agent: ctx.client.userAgent,
    ...entriesOf(input.context),
  };
  const cart = emptyCart({
    id: tools.newId("cart"),
    region,
    customer,
    channelId,
    context,
    countryCode: countryOf(region, input),
    now: ctx.now,
  });
  return input.items?.length ? addRequestedLines(trx, ctx, cart, input.items, tools) : cart;
}

/**
 * Reads what a new cart needs, in one round trip. An error waits until its value is asked for, so
 * that the first reason in Medusa's order is the one that is answered.
 */
async function findForCart(trx: Transaction, ctx: RequestContext, input: NewCart) {
  const { region_id: named, sales_channel_id } = input;
  const { customerId } = ctx;
  const [scope, regionId, customer, channelId, region] = await Promise.all([
    findChannelScope(trx, ctx.publishableKey),
    named === undefined ? findFirstRegionId(trx) : named,
    customerId ? deferError(requireCustomer(trx, customerId)) : () => null,
    deferError(findOpenChannel(trx, sales_channel_id ?? undefined)),
    named ? deferError(findRegion(trx, named)) : undefined,
  ]);
  return { scope, regionId, customer, channelId, region };
}

async function requireCustomer(trx: Transaction, id: string): Promise<CartCustomer> {
  const customer = await findCartCustomer(trx, id);
  if (!customer) throw new NotFoundError(`Customer with id: ${id} was not found`);
  return customer;
}

function channelOfKey(channels: readonly string[] | undefined): string | undefined {
  if (channels && channels.length > 1)
    throw new InvalidDataError(
      "The PublishableApiKey provided in the request header has multiple " +
        "associated sales channels.",
    );
  return channels?.[0];
}

/**
 * Returns the named country, or the only one of the region.
 * @throws NotAllowedError if the country is not in the region
 */
function countryOf(region: CartRegion, { country_code: input }: NewCart): string | undefined {
  if (!input) return region.countries.length === 1 ? region.countries[0]?.iso_2 : undefined;
  if (!isCountryOf(region, input)) throw new NotAllowedError("Shipping country not in region");
  return input.toLowerCase();
}

function entriesOf(value: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(Object(value ?? {})));
}

/** Adds the requested lines to a new cart. A quantity of 0 counts as 1, as in Medusa. */
async function addRequestedLines(
  trx: Transaction,
  ctx: RequestContext,
  cart: Cart,
  requested: NonNullable<NewCart["items"]>,
  { newId, sales }: CreationTools,
): Promise<Cart> {
  const items = requested.map(({ variant_id, quantity }) => ({
    variant_id,
    quantity: quantity || 1,
  }));
  const filled = await addNewLines(trx, ctx, cart, { items, newId, sales });
  mustBeSoldIn(cart.sales_channel_id, filled.variants);
  filled.cart.items.forEach((line, index) => {
    mustCoverNewLine(filled.variants[index]!, line.quantity);
  });
  return filled.cart;
}
