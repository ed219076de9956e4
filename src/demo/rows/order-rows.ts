import { demoAddresses, demoCustomer } from "../demo-shop.ts";
import { type DemoContext, hoursAfter, type TableRows } from "./demo-context.ts";
import { refundOf } from "./return-rows.ts";
import type { Sale } from "./sale.ts";
import { defaultRate, lineItemRow, taxLineRow } from "./sold-item.ts";

/** How long the cart of an order was open, in hours. */
const CART_HOURS = 0.25;
/** How long after the order a shop captures its payment, in hours. */
const CAPTURE_HOURS = 1;

/**
 * Returns the rows of an order as checkout writes them, with the statuses that the admin has set
 * since. Customers, regions, products and discounts must be inserted before.
 */
export function orderRows(context: DemoContext, sale: Sale): TableRows[] {
  return [
    { table: "address", rows: addressRows(context, sale) },
    { table: "cart", rows: [cartRow(context, sale)] },
    { table: "order", rows: [orderRow(context, sale)] },
    ...itemRows(context, sale),
    ...discountRows(sale),
    ...shippingRows(context, sale),
    ...paymentRows(context, sale),
  ];
}

const KINDS = ["shipping", "billing"] as const;

function addressRows({ ids }: DemoContext, { order, region, placedAt }: Sale) {
  const address = demoAddresses.find(({ country_code }) => region.countries.includes(country_code));
  return KINDS.map((kind) => ({
    id: ids("addr", `${order.key} ${kind}`),
    ...address,
    created_at: hoursAfter(placedAt, -CART_HOURS),
    updated_at: hoursAfter(placedAt, -CART_HOURS),
  }));
}

/** Returns what carts and orders have in common. */
export function buyerColumns(
  { ids, salesChannelId }: DemoContext,
  { order, region }: Pick<Sale, "order" | "region">,
) {
  return {
    customer_id: ids("cus", demoCustomer.email),
    email: demoCustomer.email,
    region_id: ids("reg", region.key),
    sales_channel_id: salesChannelId,
    shipping_address_id: ids("addr", `${order.key} shipping`),
    billing_address_id: ids("addr", `${order.key} billing`),
  };
}

function cartRow(context: DemoContext, sale: Sale): Record<string, unknown> {
  return {
    id: sale.cartId,
    type: "default",
    ...buyerColumns(context, sale),
    context: {},
    created_at: hoursAfter(sale.placedAt, -CART_HOURS),
    updated_at: sale.placedAt,
    completed_at: sale.placedAt,
    payment_authorized_at: sale.placedAt,
  };
}

function orderRow(context: DemoContext, sale: Sale): Record<string, unknown> {
  const { order, region, placedAt } = sale;
  return {
    id: sale.orderId,
    cart_id: sale.cartId,
    ...buyerColumns(context, sale),
    status: "pending",
    fulfillment_status: fulfillmentStatus(sale),
    payment_status: order.shipped ? "captured" : "awaiting",
    currency_code: region.currency,
    metadata: {},
    created_at: placedAt,
    updated_at: placedAt,
  };
}

function fulfillmentStatus({ order }: Sale): string {
  // A swap's goods come back for other goods, which leaves the order shipped.
  if (order.return?.receivedDaysAgo !== undefined) return "partially_returned";
  return order.shipped ? "shipped" : "not_fulfilled";
}

function itemRows(context: DemoContext, sale: Sale): TableRows[] {
  const { order, items, placedAt } = sale;
  const shipped = (quantity: number) => (order.shipped ? quantity : null);
  return [
    {
      table: "line_item",
      rows: items.map((item, index) =>
        lineItemRow(item, hoursAfter(placedAt, -CART_HOURS * (1 - 0.1 * index)), {
          cart_id: sale.cartId,
          order_id: sale.orderId,
          has_shipping: true,
          fulfilled_quantity: shipped(item.line.quantity),
          shipped_quantity: shipped(item.line.quantity),
          returned_quantity: returnedQuantity(sale, item.line.id, context),
        }),
      ),
    },
    {
      table: "line_item_tax_line",
      rows: items.map(({ line, taxRate }) =>
        taxLineRow(context.ids("litl", line.id), { item_id: line.id }, taxRate, placedAt),
      ),
    },
  ];
}

function returnedQuantity({ order }: Sale, id: string, { ids }: DemoContext): number | null {
  const received = [order.return, order.swap].filter((back) => back?.receivedDaysAgo !== undefined);
  const back = received
    .flatMap((each) => each?.items ?? [])
    .find(({ sku }) => ids("item", `${order.key} ${sku}`) === id);
  return back?.quantity ?? null;
}

function discountRows({ orderId, cartId, discountId, items }: Sale): TableRows[] {
  if (discountId === undefined) return [];
  return [
    {
      table: "line_item_adjustment",
      rows: items.flatMap(({ line }) =>
        line.adjustments.map(({ amount }) => ({
          id: line.id.replace("item_", "lia_"),
          item_id: line.id,
          description: "discount",
          discount_id: discountId,
          amount,
        })),
      ),
    },
    { table: "order_discounts", rows: [{ order_id: orderId, discount_id: discountId }] },
    { table: "cart_discounts", rows: [{ cart_id: cartId, discount_id: discountId }] },
  ];
}

function shippingRows({ ids }: DemoContext, sale: Sale): TableRows[] {
  const { region, shipping, orderId, cartId, placedAt } = sale;
  return [
    {
      table: "shipping_method",
      rows: [
        {
          id: shipping.id,
          shipping_option_id: shipping.optionId,
          order_id: orderId,
          cart_id: cartId,
          price: shipping.price,
          data: {},
          includes_tax: region.includesTax,
        },
      ],
    },
    {
      table: "shipping_method_tax_line",
      rows: [
        taxLineRow(
          ids("smtl", shipping.id),
          { shipping_method_id: shipping.id },
          defaultRate(region),
          placedAt,
        ),
      ],
    },
  ];
}

function paymentRows(context: DemoContext, sale: Sale): TableRows[] {
  const { ids } = context;
  const { order, region, placedAt, total } = sale;
  const capturedAt = order.shipped ? hoursAfter(placedAt, CAPTURE_HOURS) : null;
  const isRefunded = order.return?.receivedDaysAgo !== undefined;
  const refunded = order.return && isRefunded ? refundOf(context, sale, order.return) : 0;
  return [
    {
      table: "payment",
      rows: [
        paymentRow(ids("pay", order.key), { amount: total, at: placedAt, capturedAt }, region, {
          cart_id: sale.cartId,
          order_id: sale.orderId,
          amount_refunded: refunded,
        }),
      ],
    },
    {
      table: "payment_session",
      rows: [sessionRow(ids("ps", order.key), sale.cartId, total, placedAt)],
    },
  ];
}

/** Returns the row of a payment by the manual provider. */
export function paymentRow(
  id: string,
  { amount, at, capturedAt }: { amount: number; at: Date; capturedAt: Date | null },
  { currency }: Sale["region"],
  of: Record<string, unknown>,
): Record<string, unknown> {
  return {
    id,
    ...of,
    amount,
    currency_code: currency,
    provider_id: "manual",
    data: { status: capturedAt ? "captured" : "authorized" },
    captured_at: capturedAt,
    created_at: at,
    updated_at: capturedAt ?? at,
  };
}

/** Returns the row of the session by which a cart was paid. */
export function sessionRow(
  id: string,
  cartId: string,
  amount: number,
  at: Date,
): Record<string, unknown> {
  return {
    id,
    cart_id: cartId,
    provider_id: "manual",
    is_selected: true,
    is_initiated: true,
    status: "authorized",
    data: { status: "authorized" },
    amount,
    payment_authorized_at: at,
    created_at: at,
    updated_at: at,
  };
}
