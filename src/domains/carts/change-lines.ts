import { isDeepStrictEqual } from "node:util";
import type { Transaction } from "../../commands/transaction.ts";
import { InvalidDataError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import { mergedMetadata } from "../customers/customer-rules.ts";
import {
  mustBeOpen,
  mustBeQuantity,
  mustBeSoldIn,
  mustCoverChangedLine,
  mustCoverNewLine,
  mustNotBeReturned,
  noPriceError,
  requireVariants,
} from "./cart-rules.ts";
import type { LineChange, NewLine } from "./cart-schemas.ts";
import type { Cart, Line } from "./cart-tree.ts";
import type { CartTools } from "./fulfillment-gateway.ts";
import { withoutShipping } from "./lost-shipping.ts";
import { newLine } from "./new-rows.ts";
import { recalculate } from "./recalculate.ts";

type Metadata = Readonly<Record<string, unknown>>;

const MISSING =
  "Unable to generate the line item because one or more required argument(s) are missing";

/**
 * Adds a variant to the cart. A line equal in variant and metadata grows instead, and is repriced
 * with all lines of the variant. Removes the shipping methods, as Medusa does, since the new
 * line may need others.
 * @throws InvalidDataError if the variant does not exist, has no price, or is not sold in the
 * cart's channel
 * @throws NotAllowedError if the cart is completed, or the stock does not cover the quantity
 */
export async function addLine(
  trx: Transaction,
  ctx: RequestContext,
  cart: Cart,
  input: NewLine,
  { newId, sales, variants: found }: CartTools,
): Promise<Cart> {
  mustBeOpen(cart);
  if (input.quantity === 0)
    throw new InvalidDataError(`${MISSING}. Ensure quantity, regionId, and variantId are passed`);
  if (input.variant_id === "")
    throw new InvalidDataError(`${MISSING}. Ensure variant id is passed`);
  mustBeQuantity(input.quantity);
  const [variant] = requireVariants([input.variant_id], found, sales);
  const metadata = input.metadata || {};
  const present = cart.items.find((line) => isAlike(line, input.variant_id, metadata));
  const quantity = input.quantity + (present?.quantity ?? 0);
  const start = {
    id: newId("item"),
    cartId: cart.id,
    variant: variant!.row,
    quantity,
    metadata,
    now: ctx.now,
  };
  const line = present ? { ...present, quantity } : newLine(start);
  const others = cart.items.filter((other) => other !== present);
  const next = withoutShipping({ ...cart, items: [...others, line] });
  const added = present ? {} : { added: new Set([line.id]) };
  const priced = await recalculate(trx, ctx, next, { ...added, variants: found });
  if (!priced.items.some(({ id }) => id === line.id)) throw noPriceError(variant!);
  mustBeSoldIn(cart.sales_channel_id, [variant!]);
  mustBeQuantity(quantity);
  mustCoverNewLine(variant!, quantity);
  return priced;
}

/**
 * Returns whether a line is merged with a new one: same variant and metadata, unless it was added
 * by hand (`should_merge` is false) or is a returned line.
 */
function isAlike(line: Line, variantId: string, metadata: unknown): boolean {
  return (
    line.variant_id === variantId &&
    line.should_merge &&
    !line.is_return &&
    isDeepStrictEqual(line.metadata ?? {}, metadata)
  );
}

/**
 * Changes a line's quantity, for which it is repriced, and its metadata. Quantity 0 removes the
 * line. Removes the shipping methods.
 * @throws InvalidDataError if the line does not exist
 * @throws NotAllowedError if the cart is completed, the line is a returned line of a swap, or the
 * stock does not cover the quantity
 */
export async function changeLine(
  trx: Transaction,
  ctx: RequestContext,
  cart: Cart,
  lineId: string,
  input: LineChange,
  { variants }: Pick<CartTools, "variants">,
): Promise<Cart> {
  mustBeOpen(cart);
  if (input.quantity === 0) return removeLines(trx, ctx, cart, new Set([lineId]), { variants });
  mustBeQuantity(input.quantity);
  const present = cart.items.find(({ id }) => id === lineId);
  if (!present) throw new InvalidDataError("Could not find the line item");
  mustNotBeReturned(present);
  mustCoverChangedLine(present.variant, input.quantity);
  const line = {
    ...present,
    quantity: input.quantity,
    metadata: changedMetadata(present.metadata, input.metadata),
  };
  const items = cart.items.map((other) => (other === present ? line : other));
  return recalculate(trx, ctx, { ...cart, items, shipping_methods: [] }, { variants });
}

/**
 * Returns the metadata after a change. Without input it stays as it is. As in Medusa, an input that
 * is not an object is merged by its entries.
 */
function changedMetadata(present: unknown, input: unknown): unknown {
  if (!input) return present;
  return mergedMetadata(
    Object(present ?? {}) as Metadata,
    Object.fromEntries(Object.entries(input)),
  );
}

/**
 * Removes lines, and with them all shipping methods. Changes nothing if none of the lines exists.
 * @throws NotAllowedError if the cart is completed, or a line is a returned line of a swap
 */
export async function removeLines(
  trx: Transaction,
  ctx: RequestContext,
  cart: Cart,
  lineIds: ReadonlySet<string>,
  { variants }: Pick<CartTools, "variants">,
): Promise<Cart> {
  mustBeOpen(cart);
  const removed = cart.items.filter(({ id }) => lineIds.has(id));
  if (removed.length === 0) return cart;
  for (const line of removed) mustNotBeReturned(line);
  const next = withoutShipping({ ...cart, items: cart.items.filter(({ id }) => !lineIds.has(id)) });
  return recalculate(trx, ctx, next, { variants });
}
