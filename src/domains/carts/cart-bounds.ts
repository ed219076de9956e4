import { InvalidDataError } from "../../core/errors.ts";
import { type JsonBounds, jsonBytes, mustFitJson } from "../../core/json-bounds.ts";
import type { Cart, Line } from "./cart-tree.ts";

/** How large a cart may be. */
export interface CartBounds {
  readonly lines: number;
  /** Of one line. */
  readonly quantity: number;
  /** Of one cart, over all its lines. */
  readonly boughtGiftCards: number;
  /** Of each kind: discounts, and gift cards that pay. */
  readonly codes: number;
  readonly metadata: JsonBounds;
  /** Of context and all metadata of one cart, in bytes of JSON. */
  readonly metadataBytes: number;
}

type BoundedCart = Pick<
  Cart,
  "items" | "discounts" | "gift_cards" | "shipping_methods" | "context" | "metadata"
>;

/**
 * Refuses a list of new lines that no cart has room for, before any of them is looked up.
 * @throws InvalidDataError
 */
export function mustBeFewLines(
  items: readonly unknown[] | null | undefined,
  { lines }: CartBounds,
): void {
  if (items && items.length > lines) throw tooManyLines(lines);
}

/**
 * Refuses a list of codes that no cart takes, before any of them is looked up.
 * @throws InvalidDataError
 */
export function mustBeFewCodes({ discounts, gift_cards }: CodesInput, { codes }: CartBounds): void {
  if (discounts && discounts.length > codes) throw tooManyDiscounts(codes);
  if (gift_cards && gift_cards.length > codes) throw tooManyGiftCards(codes);
}

interface CodesInput {
  readonly discounts?: readonly unknown[] | null | undefined;
  readonly gift_cards?: readonly unknown[] | null | undefined;
}

const tooManyLines = (max: number) =>
  new InvalidDataError(`A cart must not have more than ${max} lines`);
const tooManyDiscounts = (max: number) =>
  new InvalidDataError(`A cart must not have more than ${max} discounts`);
const tooManyGiftCards = (max: number) =>
  new InvalidDataError(`At most ${max} gift cards can pay for one cart`);

/**
 * Refuses a changed cart that is too large. What was beyond a bound before the change may stay and
 * shrink, but not grow. This is the only place where a cart's size is decided: every change of a
 * cart passes it before it is saved.
 * @throws InvalidDataError
 */
export function mustBeWithinBounds(
  before: BoundedCart | undefined,
  after: BoundedCart,
  bounds: CartBounds,
): void {
  const grows = (measure: (cart: BoundedCart) => number, bound: number) =>
    measure(after) > Math.max(bound, before ? measure(before) : 0);
  if (grows(({ items }) => items.length, bounds.lines)) throw tooManyLines(bounds.lines);
  for (const line of after.items) mustBeQuantityWithin(before, line, bounds);
  if (grows(giftCardsBoughtWith, bounds.boughtGiftCards))
    throw new InvalidDataError(
      `At most ${bounds.boughtGiftCards} gift cards can be bought with one cart`,
    );
  if (grows(({ discounts }) => discounts.length, bounds.codes))
    throw tooManyDiscounts(bounds.codes);
  if (grows((cart) => cart.gift_cards.length, bounds.codes)) throw tooManyGiftCards(bounds.codes);
  mustFitMetadata(before, after, bounds);
  if (grows(metadataBytesOf, bounds.metadataBytes))
    throw new InvalidDataError(
      `The context and metadata of a cart must not be larger than ${bounds.metadataBytes} bytes`,
    );
}

function mustBeQuantityWithin(
  before: BoundedCart | undefined,
  line: Line,
  { quantity: max }: CartBounds,
): void {
  if (line.quantity <= max || line.is_return) return;
  const present = before?.items.find(({ id }) => id === line.id);
  if (present && present.quantity >= line.quantity) return;
  throw new InvalidDataError(`quantity must not be greater than ${max}`);
}

/** Returns how many gift cards are bought with a cart. */
function giftCardsBoughtWith({ items }: BoundedCart): number {
  return items.reduce(
    (sum, { is_giftcard, is_return, quantity }) =>
      is_giftcard && !is_return ? sum + quantity : sum,
    0,
  );
}

/** Only what differs from before is looked at. */
function mustFitMetadata(
  before: BoundedCart | undefined,
  after: BoundedCart,
  { metadata }: CartBounds,
): void {
  if (after.context !== before?.context)
    mustFitJson("context", after.context, metadata, before?.context);
  const present = new Map(before?.items.map((line) => [line.id, line.metadata]));
  for (const line of after.items)
    if (line.metadata !== present.get(line.id))
      mustFitJson("metadata", line.metadata, metadata, present.get(line.id));
}

function metadataBytesOf({ context, metadata, items, shipping_methods }: BoundedCart): number {
  const values = [
    context,
    metadata,
    ...items.map((line) => line.metadata),
    ...shipping_methods.map(({ data }) => data),
  ];
  return values.reduce<number>((sum, value) => sum + jsonBytes(value), 0);
}
