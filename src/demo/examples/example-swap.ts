import { createdDaysAgo, type DemoContext } from "../rows/demo-context.ts";
import { cartRow } from "./example-carts.ts";
import { orderLineId } from "./example-orders.ts";
import {
  type ExampleRow,
  exampleId,
  lineRow,
  lineTaxRow,
  priceOf,
  withTax,
} from "./example-parts.ts";

const RETURNED = "HT-TARN-INK";
const SENT = "HT-BORDER-BRICK";

/**
 * Returns the rows of a requested swap: one mug of the order comes back, and a scarf is sent
 * instead. Its cart is not completed yet.
 */
export function swapRows(context: DemoContext, order: string): ExampleRow[] {
  const times = createdDaysAgo(context.now, 1);
  const swapId = exampleId("swap", order);
  const orderId = exampleId("order", order);
  const returnId = exampleId("ret", order);
  const cartId = exampleId("cart", "of the swap");
  const line = (name: string, sku: string, columns: Record<string, unknown>) => {
    const id = exampleId("item", `swap ${name}`);
    const variantId = context.ids("variant", sku);
    return lineRow(context, { id, sku, quantity: 1 }, variantId, { cart_id: cartId, ...columns });
  };
  return [
    cartRow(context, "of the swap", {
      address: `order ${order}`,
      type: "swap",
      metadata: { swap_id: swapId, parent_order_id: orderId },
      ...times,
    }),
    [
      "swap",
      {
        id: swapId,
        fulfillment_status: "not_fulfilled",
        payment_status: "not_paid",
        order_id: orderId,
        cart_id: cartId,
        no_notification: true,
        ...times,
      },
    ],
    line("sent", SENT, { swap_id: swapId, has_shipping: null }),
    line("returned", RETURNED, { unit_price: -priceOf(RETURNED), is_return: true, ...times }),
    lineTaxRow(exampleId("item", "swap returned")),
    [
      "return",
      {
        id: returnId,
        status: "requested",
        swap_id: swapId,
        refund_amount: withTax(priceOf(RETURNED)),
        shipping_data: {},
        no_notification: true,
        ...times,
      },
    ],
    [
      "return_item",
      {
        return_id: returnId,
        item_id: orderLineId(order, 1),
        quantity: 1,
        requested_quantity: 1,
        is_requested: true,
        metadata: {},
      },
    ],
  ];
}
