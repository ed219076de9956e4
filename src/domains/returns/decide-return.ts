import type { CommandTools } from "../../commands/command-tools.ts";
import type { Transaction } from "../../commands/transaction.ts";
import { activeDiscountId } from "../../money/line-totals.ts";
import { refundTotal } from "../../money/refund-totals.ts";
import type { Providers } from "../../providers/providers.ts";
import { optionRates } from "../carts/cart-to-money.ts";
import { FulfillmentGateway, type Parcel } from "../carts/fulfillment-gateway.ts";
import { findProvidedRates } from "../carts/provided-rates.ts";
import { discountOf, soldLineOf } from "../pricing/rows-to-money.ts";
import { findCartOption } from "../shipping-options/cart-option-queries.ts";
import {
  findPendingReturnQuantities,
  findReasons,
  type ReturnRows,
  type ReturnShippingMethod,
} from "./return-queries.ts";
import { mustBeValidItems, requireReturnableItems, requireReturnOption } from "./return-rules.ts";
import type { ReturnedItem } from "./return-schemas.ts";
import { returnableLines, type SoldLine, type SoldOrder } from "./sold-order.ts";

/** A sold line with the quantity, reason and note that are being returned. */
export interface ReturnedLine {
  readonly line: SoldLine;
  readonly item: ReturnedItem;
}

/** A return before it is saved: its lines, shipping and refund. */
export interface DecidedReturn
  extends Pick<ReturnRows, "id" | "items" | "shipping_data" | "refund_amount" | "shipping_method"> {
  readonly returnedLines: readonly ReturnedLine[];
}

interface ReturnRequest {
  /** The id of the new return. */
  readonly id: string;
  readonly order: SoldOrder;
  readonly items: readonly ReturnedItem[];
  /** The shipping option of the return. */
  readonly optionId: string | undefined;
}

/**
 * Decides the lines, shipping and refund of a return of a locked order.
 * @throws InvalidDataError if a line is not one of the order's, or a reason has reasons below it
 * @throws NotAllowedError if a quantity is more than can be returned, or a provider refuses
 * @throws DuplicateError if a line is listed twice
 * @throws NotFoundError if a reason or the shipping option does not exist
 * @throws ProviderError
 */
export async function decideReturn(
  trx: Transaction,
  providers: Providers,
  tools: CommandTools,
  request: ReturnRequest,
): Promise<DecidedReturn> {
  const { id, order, items: input, optionId } = request;
  const soldLines = returnableLines(order);
  const pendingQuantities = await findPendingReturnQuantities(
    trx,
    soldLines.map((line) => line.id),
  );
  const returnedLines = requireReturnableItems(soldLines, input, pendingQuantities);
  const reasonIds = input.flatMap(({ reason_id }) => reason_id ?? []);
  mustBeValidItems(id, input, await findReasons(trx, reasonIds));
  const shipping = optionId
    ? await prepareReturnShipping(trx, providers, tools, { id, order, returnedLines, optionId })
    : undefined;
  const items = returnedLines.map(({ line, item: { quantity, reason_id, note } }) => {
    return {
      item_id: line.id,
      quantity,
      reason_id: reason_id ?? null,
      note: note ?? null,
      metadata: line.metadata,
    };
  });
  const { method: shipping_method, shipping_data = null } = shipping ?? {};
  return {
    id,
    items,
    returnedLines,
    shipping_method,
    shipping_data,
    refund_amount: refundOf(order, returnedLines, pendingQuantities, shipping_method),
  };
}

function refundOf(
  order: SoldOrder,
  returnedLines: readonly ReturnedLine[],
  pendingQuantities: ReadonlyMap<string, number>,
  method: ReturnShippingMethod | undefined,
): number {
  const quantities = new Map(returnedLines.map(({ line, item }) => [line.id, item.quantity]));
  const lines = returnableLines(order).map((line) => ({
    line: soldLineOf(line, line.tax_lines),
    quantity: quantities.get(line.id) ?? 0,
    returned: (line.returned_quantity ?? 0) + (pendingQuantities.get(line.id) ?? 0),
  }));
  const rates = method?.tax_lines.map(({ rate }) => rate) ?? [];
  const shipping = method && { price: method.price, includesTax: method.includes_tax, rates };
  const discountId = activeDiscountId(order.discounts.map(discountOf));
  return refundTotal(lines, shipping, { discountId, rate: order.tax_rate });
}

interface ReturnShipment {
  readonly id: string;
  readonly order: SoldOrder;
  readonly returnedLines: readonly ReturnedLine[];
  readonly optionId: string;
}

async function prepareReturnShipping(
  trx: Transaction,
  providers: Providers,
  { callProvider, newId }: CommandTools,
  { id, order, returnedLines, optionId }: ReturnShipment,
): Promise<{ readonly method: ReturnShippingMethod; readonly shipping_data: object }> {
  const option = requireReturnOption(
    await findCartOption(trx, optionId),
    optionId,
    order.region_id,
  );
  const gateway = new FulfillmentGateway(providers, callProvider);
  const parcel = parcelOf(order, returnedLines);
  const data = await gateway.validateData(option, {}, parcel);
  const price = await gateway.calculatePrice(option, data, parcel);
  const { id: shipping_option_id, includes_tax } = option;
  const method = {
    id: newId("sm"),
    shipping_option_id,
    shipping_option: option,
    price,
    data,
    includes_tax,
  };
  const { region, shipping_address, customer } = order;
  const taxed = { region, shipping_address, customer, items: [], shipping_methods: [method] };
  const rates = await findProvidedRates(providers, taxed, (provider, question) =>
    callProvider(provider, "taxLines", question),
  );
  const tax_lines = rates ? (rates.get(method.id) ?? []) : optionRates(option, region);
  return {
    method: { ...method, tax_lines },
    shipping_data: await gateway.createReturn(option, data, parcel, id),
  };
}

function parcelOf(
  { id, region_id, region, email, shipping_address }: SoldOrder,
  returnedLines: readonly ReturnedLine[],
): Parcel {
  const items = returnedLines.map(({ line, item }) => ({
    ...line,
    quantity: item.quantity,
    is_return: false,
  }));
  return { id, region_id, region, email, shipping_address, items };
}
