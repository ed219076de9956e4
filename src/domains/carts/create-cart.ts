import type { Knex } from "knex";
import type { Call } from "../../call.ts";
import { InvalidData, NotAllowed, NotFound } from "../../errors.ts";
import { findChannelScope, mustBeOfKey } from "../sales-channels/channel-scope.ts";
import { findVariantsForSale } from "../variants/variants-for-sale.ts";
import { findCartCustomer, findFirstRegionId, findOpenChannel, findRegion } from "./cart-queries.ts";
import { isCountryOf, mustBeFound, mustBeQuantity, mustBeSoldIn, mustCoverNewLine, mustHavePrice } from "./cart-rules.ts";
import type { NewCart } from "./cart-schemas.ts";
import type { Cart, CartCustomer, CartRegion, VariantOfLine } from "./cart-tree.ts";
import type { Means } from "./means.ts";
import { emptyCart, newLine } from "./new-rows.ts";
import { recalculated } from "./recalculated.ts";

/**
 * A new cart, not yet written. Its region is the shop's first unless named, its channel that of the publishable key, else the shop's own.
 * @throws InvalidData · NotAllowed · NotFound what is named is not there, or does not go together · SeveralFaults a channel outside the key's
 */
export async function createCart(trx: Knex.Transaction, call: Call, sent: NewCart, { newId }: Means): Promise<Cart> {
  const scope = await findChannelScope(trx, call.publishableKey);
  mustBeOfKey(scope, sent.sales_channel_id ? [sent.sales_channel_id] : undefined);
  const regionId = sent.region_id === undefined ? await findFirstRegionId(trx) : sent.region_id;
  if (regionId === undefined) throw new InvalidData("A region is required to create a cart");
  const customer = call.customerId ? await loggedIn(trx, call.customerId) : null;
  const channelId = await findOpenChannel(trx, sent.sales_channel_id ?? channelOfKey(scope.ofKey));
  if (!regionId) throw new InvalidData("A region_id must be provided when creating a cart");
  const region = await findRegion(trx, regionId);
  const context = { ip: call.visitor.ip, user_agent: call.visitor.userAgent, ...entriesOf(sent.context) };
  const cart = emptyCart({
    id: newId("cart"),
    region,
    customer,
    channelId,
    context,
    countryCode: countryOf(region, sent),
    now: call.now,
  });
  return sent.items?.length ? withItems(trx, call, cart, sent.items, newId) : cart;
}

async function loggedIn(trx: Knex.Transaction, id: string): Promise<CartCustomer> {
  const customer = await findCartCustomer(trx, id);
  if (!customer) throw new NotFound(`Customer with id: ${id} was not found`);
  return customer;
}

function channelOfKey(channels: readonly string[] | undefined): string | undefined {
  if (channels && channels.length > 1)
    throw new InvalidData("The PublishableApiKey provided in the request header has multiple associated sales channels.");
  return channels?.[0];
}

/** What is named, or the only one that a region has. */
function countryOf(region: CartRegion, { country_code: sent }: NewCart): string | undefined {
  if (!sent) return region.countries.length === 1 ? region.countries[0]?.iso_2 : undefined;
  if (!isCountryOf(region, sent)) throw new NotAllowed("Shipping country not in region");
  return sent.toLowerCase();
}

function entriesOf(value: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(Object(value ?? {})));
}

/**
 * As in Medusa, lines of a new cart are never merged, and a variant that comes twice is priced for its last quantity; nor does a customer's
 * group count before the next change.
 */
async function withItems(
  trx: Knex.Transaction,
  call: Call,
  cart: Cart,
  items: NonNullable<NewCart["items"]>,
  newId: Means["newId"],
): Promise<Cart> {
  for (const { quantity } of items) mustBeQuantity(quantity);
  const ids = items.map((item) => item.variant_id);
  const variants = mustBeFound(ids, await findVariantsForSale<VariantOfLine>(trx, ids));
  const lines = items.map((item, index) => {
    const { row: variant } = variants[index]!;
    return newLine({ id: newId("item"), cartId: cart.id, variant, quantity: item.quantity || 1, metadata: {}, now: call.now });
  });
  const lastQuantities = new Map(items.map((item) => [item.variant_id, item.quantity || 1]));
  const priced = recalculated(
    { ...cart, items: lines, customer: null },
    {
      prices: new Map(lines.map((line, index) => [line.id, variants[index]!.prices])),
      pricedQuantities: new Map(lines.map((line) => [line.id, lastQuantities.get(line.variant_id!)!])),
      unpriced: "drop",
      now: call.now,
    },
  );
  const unpriced = lines.findIndex((line) => !priced.items.some(({ id }) => id === line.id));
  if (unpriced >= 0) mustHavePrice(variants[unpriced]!);
  mustBeSoldIn(cart.sales_channel_id, variants);
  lines.forEach((line, index) => {
    mustCoverNewLine(variants[index]!, line.quantity);
  });
  return { ...priced, customer: cart.customer };
}
