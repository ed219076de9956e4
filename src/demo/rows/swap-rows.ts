import { totalsOf } from "../../money/totals.ts";
import type { DemoOrder } from "../demo-orders.ts";
import { type DemoContext, daysBefore, hoursAfter, type TableRows } from "./demo-context.ts";
import { buyerColumns, paymentRow, sessionRow } from "./order-rows.ts";
import { returnRows } from "./return-rows.ts";
import { requireItem, type Sale } from "./sale.ts";
import { shipmentRows } from "./shipment-rows.ts";
import { defaultRate, lineItemRow, type SoldItem, soldItem, taxLineRow } from "./sold-item.ts";

type DemoSwap = NonNullable<DemoOrder["swap"]>;

/** How long after its confirmation a shop captures what a swap costs, in hours. */
const CAPTURE_HOURS = 20;

/**
 * Returns the rows of a swap that the customer has requested and paid, and the admin has shipped:
 * its cart holds the returned goods at negative prices, their shipping and the other goods.
 */
export function swapRows(context: DemoContext, sale: Sale, swap: DemoSwap): TableRows[] {
  const parts = partsOf(context, sale, swap);
  const { swapId, cartId, confirmedAt, additional, due } = parts;
  const payment = {
    amount: due,
    at: confirmedAt,
    capturedAt: hoursAfter(confirmedAt, CAPTURE_HOURS),
  };
  return [
    { table: "cart", rows: [cartRow(context, sale, parts)] },
    { table: "swap", rows: [swapRow(context, sale, parts)] },
    ...itemRows(context, parts),
    ...shippingRows(context, sale, parts),
    {
      table: "payment",
      rows: [
        paymentRow(context.ids("pay", "of a swap"), payment, sale.region, {
          swap_id: swapId,
          cart_id: cartId,
          order_id: sale.orderId,
          amount_refunded: 0,
        }),
      ],
    },
    {
      table: "payment_session",
      rows: [sessionRow(context.ids("ps", "of a swap"), cartId, due, confirmedAt)],
    },
    ...returnRows(context, sale, swap, { swap_id: swapId, no_notification: true }),
    ...shipmentRows(context, {
      key: "of a swap",
      of: { swap_id: swapId },
      items: [additional],
      shipped: swap.shipped,
    }),
  ];
}

type Parts = ReturnType<typeof partsOf>;

function partsOf(context: DemoContext, sale: Sale, swap: DemoSwap) {
  const { ids, now } = context;
  const { region } = sale;
  const additional = soldItem(context, region, {
    ...swap.additional,
    id: ids("item", `swap ${swap.additional.sku}`),
  });
  const returned = swap.items.map((item) => returnedItem(context, sale, item));
  const way = returnShipping(context, sale);
  const method = {
    id: ids("sm", "of a swap"),
    price: region.shipping.standard,
    includesTax: region.includesTax,
    rates: [region.taxRate],
  };
  const { whole } = totalsOf({
    lines: [additional, ...returned, way].map(({ line }) => line),
    shippingMethods: [method],
    discounts: [],
    giftCards: [],
    giftCardsTaxable: region.giftCardsTaxable,
  });
  return {
    swapId: ids("swap", sale.order.key),
    cartId: ids("cart", "of a swap"),
    requestedAt: daysBefore(now, swap.requestedDaysAgo),
    confirmedAt: hoursAfter(daysBefore(now, swap.confirmedDaysAgo), 0.5),
    additional,
    returned,
    way,
    method,
    due: whole.total,
  };
}

/** An item of a sale as it stands in the cart of a swap: what was paid for it comes back. */
function returnedItem(context: DemoContext, sale: Sale, item: DemoSwap["items"][number]): SoldItem {
  const sold = requireItem(context, sale, item);
  const line = {
    ...sold.line,
    id: context.ids("item", `returned ${item.sku}`),
    unitPrice: -sold.line.unitPrice,
    quantity: item.quantity,
  };
  return { ...sold, line };
}

/** The line of a swap's cart for the way back. */
function returnShipping(
  { ids }: DemoContext,
  { region }: Sale,
): Pick<SoldItem, "line" | "taxRate"> {
  return {
    taxRate: defaultRate(region),
    line: {
      id: ids("item", "return shipping"),
      unitPrice: region.shipping.return,
      quantity: 1,
      includesTax: region.includesTax,
      allowsDiscounts: false,
      rates: [region.taxRate],
      adjustments: [],
    },
  };
}

function cartRow(context: DemoContext, sale: Sale, parts: Parts): Record<string, unknown> {
  return {
    id: parts.cartId,
    type: "swap",
    ...buyerColumns(context, sale),
    metadata: { swap_id: parts.swapId, parent_order_id: sale.orderId },
    context: {},
    created_at: parts.requestedAt,
    updated_at: parts.confirmedAt,
    completed_at: parts.confirmedAt,
    payment_authorized_at: parts.confirmedAt,
  };
}

function swapRow({ ids }: DemoContext, { order, orderId }: Sale, parts: Parts) {
  return {
    id: parts.swapId,
    order_id: orderId,
    cart_id: parts.cartId,
    fulfillment_status: "shipped",
    payment_status: "captured",
    difference_due: parts.due,
    shipping_address_id: ids("addr", `${order.key} shipping`),
    confirmed_at: parts.confirmedAt,
    no_notification: true,
    allow_backorder: false,
    created_at: parts.requestedAt,
    updated_at: parts.confirmedAt,
  };
}

function itemRows({ ids }: DemoContext, parts: Parts): TableRows[] {
  const { cartId, swapId, requestedAt, additional, returned, way } = parts;
  const { quantity } = additional.line;
  return [
    {
      table: "line_item",
      rows: [
        lineItemRow(additional, requestedAt, {
          cart_id: cartId,
          swap_id: swapId,
          has_shipping: true,
          fulfilled_quantity: quantity,
          shipped_quantity: quantity,
        }),
        ...returned.map((item) =>
          lineItemRow(item, requestedAt, {
            cart_id: cartId,
            description: null,
            is_return: true,
            has_shipping: true,
          }),
        ),
        wayBackRow(parts),
      ],
    },
    {
      table: "line_item_tax_line",
      rows: [additional, ...returned, way].map(({ line, taxRate }) =>
        taxLineRow(ids("litl", line.id), { item_id: line.id }, taxRate, requestedAt),
      ),
    },
  ];
}

function wayBackRow({ cartId, requestedAt, way: { line } }: Parts): Record<string, unknown> {
  return {
    id: line.id,
    cart_id: cartId,
    title: "Return shipping",
    unit_price: line.unitPrice,
    quantity: line.quantity,
    includes_tax: line.includesTax,
    allow_discounts: false,
    is_return: true,
    has_shipping: true,
    created_at: requestedAt,
    updated_at: requestedAt,
  };
}

function shippingRows({ ids }: DemoContext, { region }: Sale, parts: Parts): TableRows[] {
  const { method, cartId, swapId, confirmedAt } = parts;
  return [
    {
      table: "shipping_method",
      rows: [
        {
          id: method.id,
          shipping_option_id: ids("so", `${region.key} standard`),
          cart_id: cartId,
          swap_id: swapId,
          price: method.price,
          data: {},
          includes_tax: method.includesTax,
        },
      ],
    },
    {
      table: "shipping_method_tax_line",
      rows: [
        taxLineRow(
          ids("smtl", method.id),
          { shipping_method_id: method.id },
          defaultRate(region),
          confirmedAt,
        ),
      ],
    },
  ];
}
