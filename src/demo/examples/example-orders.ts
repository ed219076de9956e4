import { createdDaysAgo, type DemoContext, daysBefore } from "../rows/demo-context.ts";
import { cartRow } from "./example-carts.ts";
import {
  addressRow,
  EXAMPLE_REGION,
  EXAMPLE_SHIPPING,
  type ExampleLine,
  type ExampleRow,
  exampleGuest,
  exampleId,
  lineRow,
  lineTaxRow,
  priceOf,
  shippingRow,
  shippingTaxRow,
  withTax,
} from "./example-parts.ts";

/** An order of the guest, paid, and sent if it is not to be edited any more. */
export interface ExampleOrder {
  readonly name: string;
  readonly lines: readonly ExampleLine[];
  readonly sent: boolean;
  readonly daysOld: number;
}

/** Returns the id of a line of an example order; the first one has number 1. */
export const orderLineId = (order: string, number: number): string =>
  exampleId("item", `order ${order} ${number}`);

/** Returns the rows of an order with its cart, payment and fulfillment. */
export function orderRows(context: DemoContext, order: ExampleOrder): ExampleRow[] {
  const { name, lines } = order;
  const address = `order ${name}`;
  const owner = { order_id: exampleId("order", name), cart_id: exampleId("cart", `of ${name}`) };
  return [
    addressRow(context, address),
    cartRow(context, `of ${name}`, {
      address,
      ...createdDaysAgo(context.now, order.daysOld),
      completed_at: daysBefore(context.now, order.daysOld),
      payment_authorized_at: daysBefore(context.now, order.daysOld),
    }),
    orderRow(context, order, address),
    ...lines.flatMap((line, index) => orderLine(context, order, line, index, owner)),
    shippingRow(context, `order ${name}`, owner),
    shippingTaxRow(`order ${name}`),
    paymentRow(context, order, owner),
    ...(order.sent ? fulfillmentRows(context, order) : []),
  ];
}

function orderRow(
  { ids, now, salesChannelId }: DemoContext,
  { name, sent, daysOld }: ExampleOrder,
  address: string,
): ExampleRow {
  return [
    "order",
    {
      id: exampleId("order", name),
      fulfillment_status: sent ? "shipped" : "not_fulfilled",
      payment_status: "captured",
      cart_id: exampleId("cart", `of ${name}`),
      customer_id: exampleId("cus", exampleGuest.email),
      email: exampleGuest.email,
      billing_address_id: exampleId("addr", address),
      shipping_address_id: exampleId("addr", address),
      region_id: ids("reg", EXAMPLE_REGION),
      currency_code: "eur",
      sales_channel_id: salesChannelId,
      metadata: {},
      ...createdDaysAgo(now, daysOld),
    },
  ];
}

function orderLine(
  context: DemoContext,
  { name, sent, daysOld }: ExampleOrder,
  line: ExampleLine,
  index: number,
  owner: object,
): ExampleRow[] {
  const id = orderLineId(name, index + 1);
  return [
    lineRow(context, { ...line, id }, context.ids("variant", line.sku), {
      ...owner,
      ...createdDaysAgo(context.now, daysOld),
      ...(sent ? { fulfilled_quantity: line.quantity, shipped_quantity: line.quantity } : {}),
    }),
    lineTaxRow(id),
  ];
}

function paymentRow({ now }: DemoContext, order: ExampleOrder, owner: object): ExampleRow {
  const amounts = order.lines.map(({ sku, quantity }) => priceOf(sku) * quantity);
  return [
    "payment",
    {
      id: exampleId("pay", order.name),
      ...owner,
      amount: [...amounts, EXAMPLE_SHIPPING].reduce((sum, amount) => sum + withTax(amount), 0),
      currency_code: "eur",
      provider_id: "manual",
      data: { status: "captured" },
      captured_at: daysBefore(now, order.daysOld),
      ...createdDaysAgo(now, order.daysOld),
    },
  ];
}

function fulfillmentRows({ now }: DemoContext, { name, lines, daysOld }: ExampleOrder) {
  const id = exampleId("ful", name);
  const times = createdDaysAgo(now, daysOld - 1);
  return [
    [
      "fulfillment",
      {
        id,
        order_id: exampleId("order", name),
        tracking_numbers: "[]",
        data: {},
        provider_id: "manual",
        shipped_at: times.created_at,
        ...times,
      },
    ],
    ...lines.map(({ quantity }, index) => [
      "fulfillment_item",
      { fulfillment_id: id, item_id: orderLineId(name, index + 1), quantity },
    ]),
  ] as ExampleRow[];
}
