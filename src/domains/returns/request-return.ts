import type { Transaction } from "../../database/use-case.ts";
import type { Tree } from "../../graph/entity.ts";
import { countingDiscount } from "../../money/line-totals.ts";
import { refundTotal } from "../../money/refund-totals.ts";
import type { Providers } from "../../providers/providers.ts";
import { methodRates } from "../carts/cart-money.ts";
import { FulfillmentDesk, type Parcel } from "../carts/fulfillment-desk.ts";
import type { Means } from "../carts/means.ts";
import { findProvidedRates } from "../carts/provided-taxes.ts";
import { discountOf, lineOf } from "../orders/money-of-rows.ts";
import { findCartOption } from "../shipping-options/cart-option-queries.ts";
import { findHeldPieces, findReasons, type ReturnMethod, type ReturnRows } from "./return-queries.ts";
import { mustBeLeft, mustBeSensible, mustTakeBack } from "./return-rules.ts";
import type { ReturnedItem } from "./return-schemas.ts";
import { type SoldLine, type SoldOrder, soldLines } from "./sold-order.ts";

/** Pieces of a line that come back. */
export interface ReturnedPieces {
  readonly line: SoldLine;
  readonly sent: ReturnedItem;
}

/** What a return is about, not written yet: what comes back, how, and what is given back for it. */
export interface DecidedReturn extends Pick<ReturnRows, "id" | "items" | "shipping_data" | "refund_amount" | "shipping_method"> {
  readonly pieces: readonly ReturnedPieces[];
}

interface Wanted {
  /** The return's id to be. */
  readonly id: string;
  readonly order: SoldOrder;
  readonly items: readonly ReturnedItem[];
  /** The shipping option that brings it back. */
  readonly optionId: string | undefined;
}

/**
 * Decides what a return of a locked order comes to.
 * @throws InvalidData a line is not the order's, or a reason has others below it · NotAllowed more pieces than are left · Duplicate a line twice ·
 * NotFound a reason, or the option
 */
export async function decideReturn(trx: Transaction, providers: Providers, means: Means, wanted: Wanted): Promise<DecidedReturn> {
  const { id, order, items: sent, optionId } = wanted;
  const held = await findHeldPieces(
    trx,
    sent.map(({ item_id }) => item_id),
  );
  const pieces = mustBeLeft(soldLines(order), sent, held);
  const reasonIds = sent.flatMap(({ reason_id }) => reason_id ?? []);
  mustBeSensible(id, sent, await findReasons(trx, reasonIds));
  const way = optionId ? await wayBack(trx, providers, means, { id, order, pieces, optionId }) : undefined;
  const items = pieces.map(({ line, sent: { quantity, reason_id, note } }) => {
    return { item_id: line.id, quantity, reason_id: reason_id ?? null, note: note ?? null, metadata: line.metadata };
  });
  const { method: shipping_method, shipping_data = null } = way ?? {};
  return { id, items, pieces, shipping_method, shipping_data, refund_amount: refundOf(order, pieces, shipping_method) };
}

function refundOf(order: SoldOrder, pieces: readonly ReturnedPieces[], method: ReturnMethod | undefined): number {
  const back = pieces.map(({ line, sent }) => ({ line: lineOf(line as unknown as Tree), quantity: sent.quantity }));
  const rates = method?.tax_lines.map(({ rate }) => rate) ?? [];
  const shipping = method && { price: method.price, includesTax: method.includes_tax, rates };
  const discountId = countingDiscount(order.discounts.map((discount) => discountOf(discount as unknown as Tree)));
  return refundTotal(back, shipping, { discountId, rate: order.tax_rate });
}

interface Sending {
  readonly id: string;
  readonly order: SoldOrder;
  readonly pieces: readonly ReturnedPieces[];
  readonly optionId: string;
}

async function wayBack(
  trx: Transaction,
  providers: Providers,
  { ask, newId }: Means,
  { id, order, pieces, optionId }: Sending,
): Promise<{ readonly method: ReturnMethod; readonly shipping_data: object }> {
  const option = mustTakeBack(await findCartOption(trx, optionId), optionId, order.region_id);
  const desk = new FulfillmentDesk(providers, ask);
  const parcel = parcelOf(order, pieces);
  const data = await desk.keptData(option, {}, parcel);
  const price = await desk.priceOf(option, data, parcel);
  const { id: shipping_option_id, includes_tax } = option;
  const method = { id: newId("sm"), shipping_option_id, shipping_option: option, price, data, includes_tax };
  const { region, shipping_address, customer } = order;
  const taxed: Tree = { region, shipping_address, customer, items: [], shipping_methods: [method] };
  const rates = await findProvidedRates(providers, taxed, (provider, question) => ask(provider, "taxLines", question));
  const tax_lines = rates ? (rates.get(method.id) ?? []) : methodRates(method, region);
  return { method: { ...method, tax_lines }, shipping_data: await desk.returnData(option, data, parcel, id) };
}

function parcelOf({ id, region_id, region, email, shipping_address }: SoldOrder, pieces: readonly ReturnedPieces[]): Parcel {
  const items = pieces.map(({ line, sent }) => ({ ...line, quantity: sent.quantity, is_return: false }));
  return { id, region_id, region, email, shipping_address, items };
}
