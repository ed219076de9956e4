import { createdDaysAgo, type DemoContext } from "../rows/demo-context.ts";
import {
  addressRow,
  EXAMPLE_REGION,
  EXAMPLE_SHIPPING,
  type ExampleLine,
  type ExampleRow,
  exampleGuest,
  exampleId,
  lineRow,
  priceOf,
  sessionRow,
  shippingRow,
  withTax,
} from "./example-parts.ts";

interface ExampleCart {
  readonly name: string;
  readonly lines: readonly ExampleLine[];
  readonly discount?: string;
}

/** Percent of the discount that one of the carts has. */
const DISCOUNT = { code: "WELCOME10", percent: 10 };

/**
 * `open` is changed, `ready` is completed, `scarce` has more than is in stock, and `full` is what
 * things are removed from.
 */
const carts: readonly ExampleCart[] = [
  { name: "open", lines: [{ sku: "HT-TARN-MOSS", quantity: 2 }] },
  { name: "ready", lines: [{ sku: "HT-BORDER-INK", quantity: 1 }] },
  { name: "scarce", lines: [{ sku: "HT-TARN-CREAM", quantity: 5 }] },
  {
    name: "full",
    lines: [
      { sku: "HT-TARN-INK", quantity: 4 },
      { sku: "HT-BORDER-BRICK", quantity: 1 },
    ],
    discount: DISCOUNT.code,
  },
];

/** Returns the rows of the carts that the examples of the API document name. */
export const exampleCarts = (context: DemoContext): ExampleRow[] =>
  carts.flatMap((cart) => cartRows(context, cart));

function cartRows(context: DemoContext, cart: ExampleCart): ExampleRow[] {
  const { name, lines, discount } = cart;
  const id = exampleId("cart", name);
  const address = `cart ${name}`;
  return [
    addressRow(context, address),
    cartRow(context, name, { address, type: "default" }),
    ...lines.flatMap((line, index) => lineOf(context, cart, line, index)),
    shippingRow(context, `cart ${name}`, { cart_id: id }),
    sessionRow(context, `cart ${name}`, totalOf(cart), { cart_id: id, is_selected: true }),
    ...(discount
      ? [["cart_discounts", { cart_id: id, discount_id: context.ids("disc", discount) }] as const]
      : []),
  ];
}

/** Returns the row of a cart of the guest. `columns` are what differs from an open cart. */
export function cartRow(
  { ids, now, salesChannelId }: DemoContext,
  name: string,
  { address, ...columns }: { readonly address: string } & Record<string, unknown>,
): ExampleRow {
  return [
    "cart",
    {
      id: exampleId("cart", name),
      email: exampleGuest.email,
      customer_id: exampleId("cus", exampleGuest.email),
      billing_address_id: exampleId("addr", address),
      shipping_address_id: exampleId("addr", address),
      region_id: ids("reg", EXAMPLE_REGION),
      sales_channel_id: salesChannelId,
      context: {},
      ...createdDaysAgo(now, 3),
      ...columns,
    },
  ];
}

function lineOf(
  context: DemoContext,
  { name, discount }: ExampleCart,
  line: ExampleLine,
  index: number,
): ExampleRow[] {
  const id = exampleId("item", `cart ${name} ${index + 1}`);
  const amount = (priceOf(line.sku) * line.quantity * DISCOUNT.percent) / 100;
  return [
    lineRow(context, { ...line, id }, context.ids("variant", line.sku), {
      cart_id: exampleId("cart", name),
    }),
    ...(discount
      ? [
          [
            "line_item_adjustment",
            {
              id: exampleId("lia", id),
              item_id: id,
              description: "discount",
              discount_id: context.ids("disc", discount),
              amount,
            },
          ] as const,
        ]
      : []),
  ];
}

function totalOf({ lines, discount }: ExampleCart): number {
  const part = discount ? 1 - DISCOUNT.percent / 100 : 1;
  const amounts = lines.map(({ sku, quantity }) => priceOf(sku) * quantity * part);
  return [...amounts, EXAMPLE_SHIPPING].reduce((sum, amount) => sum + withTax(amount), 0);
}
