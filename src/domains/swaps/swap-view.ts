import { swap } from "../../graph/entities/return-entities.ts";
import { shapeOf } from "../../graph/shape.ts";

const paths = [
  "order",
  "additional_items.variant",
  "return_order.shipping_method.shipping_option",
  "fulfillments",
  "payment",
  "shipping_address",
  "shipping_methods.shipping_option",
  "cart",
];

/** A swap as `GET /store/swaps/:cart_id` shows it. */
export const swapOfCart = shapeOf(swap, { paths });

/** A new swap, with the columns that Medusa shows of it. */
export const createdSwap = shapeOf(swap, {
  columns: [
    "id",
    "fulfillment_status",
    "payment_status",
    "order_id",
    "difference_due",
    "shipping_address_id",
    "cart_id",
    "confirmed_at",
    "created_at",
    "updated_at",
    "deleted_at",
    "metadata",
    "idempotency_key",
  ],
  paths,
});

/** A swap as completing its cart shows it. */
export const confirmedSwap = shapeOf(swap, { paths: ["shipping_address"] });
