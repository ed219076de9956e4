import type { Knex } from "knex";
import { order } from "../../graph/entities/order-entities.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { shapeOf, type TreeOfShape } from "../../graph/shape.ts";
import type { MailedLine, MailedOrder } from "../../mails/mail-data.ts";
import { toProviderAddress } from "../../providers/to-provider-address.ts";
import { orderSummary } from "./order-summary.ts";
import { totalsOfOrder } from "./order-totals.ts";

const shape = shapeOf(order, {
  paths: [
    "items.tax_lines",
    "items.adjustments",
    "items.variant",
    "shipping_methods.tax_lines",
    "shipping_methods.shipping_option",
    "discounts.rule",
    "gift_cards",
    "gift_card_transactions",
    "payments",
    "refunds",
    "region",
    "shipping_address",
    "billing_address",
  ],
  required: ["discounts.rule"],
});

type OrderToMail = TreeOfShape<typeof shape>;

/** Loads what a mail says about an order, or returns undefined if there is none. */
export async function loadMailedOrder(knex: Knex, id: string): Promise<MailedOrder | undefined> {
  const loaded = await loadTree(knex, shape, id);
  return loaded && mailedOrder(loaded);
}

function mailedOrder(loaded: OrderToMail): MailedOrder {
  const totals = totalsOfOrder(loaded);
  const includesTax = loaded.items.some((line) => line.includes_tax);
  return {
    id: loaded.id,
    display_id: loaded.display_id,
    created_at: String(loaded.created_at),
    email: loaded.email,
    currency_code: loaded.currency_code,
    items: loaded.items.map((line, index) => {
      const { original_total = 0, subtotal = 0 } = totals.lines[index] ?? {};
      return { ...mailedLine(line), amount: includesTax ? original_total : subtotal };
    }),
    discounts: loaded.discounts.map(({ code }) => code),
    shipping_methods: loaded.shipping_methods.map(
      ({ shipping_option }) => shipping_option?.name ?? "",
    ),
    summary: orderSummary(totals, includesTax),
    total: totals.whole.total,
    shipping_address: toProviderAddress(loaded.shipping_address),
    billing_address: toProviderAddress(loaded.billing_address),
  };
}

/** Returns what mails say about a line. A picture without a whole address is left out. */
export function mailedLine(line: {
  readonly title: string;
  readonly description: string | null;
  readonly thumbnail: string | null;
  readonly quantity: number;
}): MailedLine {
  const { title, description, thumbnail, quantity } = line;
  const isWhole = thumbnail !== null && /^https?:\/\//i.test(thumbnail);
  return { title, description, thumbnail: isWhole ? thumbnail : null, quantity };
}
