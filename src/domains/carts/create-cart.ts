import type { Knex } from "knex";
import type { CommandTools } from "../../commands/command-tools.ts";
import { InvalidDataError, NotAllowedError, NotFoundError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import { findChannelScope, mustBeOfKey } from "../sales-channels/channel-scope.ts";
import { findVariantsForSale } from "../variants/variants-for-sale.ts";
import {
  findCartCustomer,
  findFirstRegionId,
  findOpenChannel,
  findRegion,
} from "./cart-queries.ts";
import {
  isCountryOf,
  mustBeQuantity,
  mustBeSoldIn,
  mustCoverNewLine,
  noPriceError,
  requireVariants,
} from "./cart-rules.ts";
import type { NewCart } from "./cart-schemas.ts";
import type { Cart, CartCustomer, CartRegion, VariantOfLine } from "./cart-tree.ts";
import { emptyCart, newLine } from "./new-rows.ts";
import { recalculate } from "./recalculate.ts";

/**
 * A new cart, not yet written. Its region is the shop's first unless named, its channel that of the
 * publishable key, else the shop's own.
 * @throws InvalidData · NotAllowed · NotFound what is named is not there, or does not go together ·
 * SeveralFaults a channel outside the key's
 */
export async function createCart(
  trx: Knex.Transaction,
  ctx: RequestContext,
  input: NewCart,
  { newId }: CommandTools,
): Promise<Cart> {
  const scope = await findChannelScope(trx, ctx.publishableKey);
  mustBeOfKey(scope, input.sales_channel_id ? [input.sales_channel_id] : undefined);
  const regionId = input.region_id === undefined ? await findFirstRegionId(trx) : input.region_id;
  if (regionId === undefined) throw new InvalidDataError("A region is required to create a cart");
  const customer = ctx.customerId ? await requireCustomer(trx, ctx.customerId) : null;
  const channelId = await findOpenChannel(trx, input.sales_channel_id ?? channelOfKey(scope.ofKey));
  if (!regionId) throw new InvalidDataError("A region_id must be provided when creating a cart");
  const region = await findRegion(trx, regionId);
  const context = {
    ip: ctx.client.ip,
    user_agent: ctx.client.userAgent,
    ...entriesOf(input.context),
  };
  const cart = emptyCart({
    id: newId("cart"),
    region,
    customer,
    channelId,
    context,
    countryCode: countryOf(region, input),
    now: ctx.now,
  });
  return input.items?.length ? addItems(trx, ctx, cart, input.items, newId) : cart;
}

async function requireCustomer(trx: Knex.Transaction, id: string): Promise<CartCustomer> {
  const customer = await findCartCustomer(trx, id);
  if (!customer) throw new NotFoundError(`Customer with id: ${id} was not found`);
  return customer;
}

function channelOfKey(channels: readonly string[] | undefined): string | undefined {
  if (channels && channels.length > 1)
    throw new InvalidDataError(
      "The PublishableApiKey provided in the request header has multiple associated sales channels.",
    );
  return channels?.[0];
}

/** What is named, or the only one that a region has. */
function countryOf(region: CartRegion, { country_code: input }: NewCart): string | undefined {
  if (!input) return region.countries.length === 1 ? region.countries[0]?.iso_2 : undefined;
  if (!isCountryOf(region, input)) throw new NotAllowedError("Shipping country not in region");
  return input.toLowerCase();
}

function entriesOf(value: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(Object(value ?? {})));
}

/**
 * As in Medusa, lines of a new cart are never merged, and a variant that comes twice is priced for
 * its last quantity; nor does a customer's group count before the next change.
 */
async function addItems(
  trx: Knex.Transaction,
  ctx: RequestContext,
  cart: Cart,
  items: NonNullable<NewCart["items"]>,
  newId: CommandTools["newId"],
): Promise<Cart> {
  for (const { quantity } of items) mustBeQuantity(quantity);
  const ids = items.map((item) => item.variant_id);
  const variants = requireVariants(ids, await findVariantsForSale<VariantOfLine>(trx, ids));
  const lines = items.map((item, index) => {
    const { row: variant } = variants[index]!;
    return newLine({
      id: newId("item"),
      cartId: cart.id,
      variant,
      quantity: item.quantity || 1,
      metadata: {},
      now: ctx.now,
    });
  });
  const lastQuantities = new Map(items.map((item) => [item.variant_id, item.quantity || 1]));
  const priced = recalculate(
    { ...cart, items: lines, customer: null },
    {
      prices: new Map(lines.map((line, index) => [line.id, variants[index]!.prices])),
      pricedQuantities: new Map(
        lines.map((line) => [line.id, lastQuantities.get(line.variant_id!)!]),
      ),
      unpriced: "drop",
      now: ctx.now,
    },
  );
  const unpriced = lines.findIndex((line) => !priced.items.some(({ id }) => id === line.id));
  if (unpriced >= 0) throw noPriceError(variants[unpriced]!);
  mustBeSoldIn(cart.sales_channel_id, variants);
  lines.forEach((line, index) => {
    mustCoverNewLine(variants[index]!, line.quantity);
  });
  return { ...priced, customer: cart.customer };
}
