import type { Transaction } from "../../commands/transaction.ts";
import {
  added,
  changesBetween,
  type JoinTable,
  saveLinks,
  saveRows,
  type TableMapping,
} from "../../database/save-rows.ts";
import { execute, sql } from "../../database/sql.ts";
import { saveSessionAmounts } from "../payments/payment-session-queries.ts";
import type { Address, Cart } from "./cart-tree.ts";

const addressColumns = [
  "customer_id",
  "company",
  "first_name",
  "last_name",
  "address_1",
  "address_2",
  "city",
  "country_code",
  "province",
  "postal_code",
  "phone",
  "metadata",
];
/** An entry of the address book may be attached unchanged, so existing rows are ignored. */
const addresses: TableMapping = {
  name: "address",
  inserted: addressColumns,
  changed: addressColumns,
  hasUpdatedAt: true,
  ignoresExisting: true,
};

const cartColumns = [
  "email",
  "billing_address_id",
  "shipping_address_id",
  "region_id",
  "customer_id",
  "metadata",
  "context",
  "sales_channel_id",
];
const carts: TableMapping = {
  name: "cart",
  inserted: [...cartColumns, "type"],
  changed: cartColumns,
  hasUpdatedAt: true,
};

const lines: TableMapping = {
  name: "line_item",
  inserted: [
    "cart_id",
    "swap_id",
    "title",
    "description",
    "thumbnail",
    "is_return",
    "is_giftcard",
    "should_merge",
    "allow_discounts",
    "has_shipping",
    "unit_price",
    "includes_tax",
    "variant_id",
    "quantity",
    "metadata",
  ],
  changed: ["unit_price", "includes_tax", "quantity", "has_shipping", "metadata"],
  hasUpdatedAt: true,
};

const adjustments: TableMapping = {
  name: "line_item_adjustment",
  inserted: ["item_id", "description", "discount_id", "amount", "metadata"],
  changed: ["amount"],
  hasUpdatedAt: false,
};

const methods: TableMapping = {
  name: "shipping_method",
  inserted: ["shipping_option_id", "cart_id", "price", "data", "includes_tax"],
  changed: ["price"],
  hasUpdatedAt: false,
};

const discountLinks: JoinTable = { name: "cart_discounts", from: "cart_id", to: "discount_id" };
const giftCardLinks: JoinTable = { name: "cart_gift_cards", from: "cart_id", to: "gift_card_id" };

/**
 * Writes the difference between two states of a cart, one statement for each table. They are sent
 * ahead. Returns whether there was any difference.
 */
export function saveCart(trx: Transaction, before: Cart, after: Cart): boolean {
  const written = [
    saveRows(trx, addresses, {
      ...changesBetween(addresses, addressesOf(before), addressesOf(after)),
      removed: [],
    }),
    saveRows(trx, carts, changesBetween(carts, [before], [after])),
    saveLines(trx, before, after),
    saveMethods(trx, before, after),
    saveLinks(trx, discountLinks, after.id, idsOf(before.discounts), idsOf(after.discounts)),
    saveLinks(trx, giftCardLinks, after.id, idsOf(before.gift_cards), idsOf(after.gift_cards)),
    saveSessionAmounts(trx, before.payment_sessions, after.payment_sessions),
  ];
  return written.includes(true);
}

/** Inserts a new cart with its addresses, lines and discounts. The statements are sent ahead. */
export function insertCart(trx: Transaction, cart: Cart): void {
  saveRows(trx, addresses, added(addressesOf(cart)));
  saveRows(trx, carts, added([cart]));
  saveLines(trx, { ...cart, items: [] }, cart);
  saveLinks(trx, discountLinks, cart.id, [], idsOf(cart.discounts));
}

function saveLines(trx: Transaction, before: Cart, after: Cart): boolean {
  const remainingIds = new Set(after.items.map(({ id }) => id));
  const written = saveRows(trx, lines, changesBetween(lines, before.items, after.items));
  // The adjustments of a removed line were deleted with it.
  const remainingAdjustments = before.items
    .filter(({ id }) => remainingIds.has(id))
    .flatMap((line) => line.adjustments);
  const wanted = after.items.flatMap((line) => line.adjustments);
  const changes = changesBetween(adjustments, remainingAdjustments, wanted);
  return saveRows(trx, adjustments, changes) || written;
}

function saveMethods(trx: Transaction, before: Cart, after: Cart): boolean {
  const changes = changesBetween(methods, before.shipping_methods, after.shipping_methods);
  const removed = before.shipping_methods.filter((method) => changes.removed.includes(method.id));
  if (removed.some((method) => method.tax_lines.length > 0))
    execute(
      trx,
      sql`delete from shipping_method_tax_line where shipping_method_id = any(${changes.removed})`,
    );
  return saveRows(trx, methods, changes);
}

function addressesOf({ shipping_address, billing_address }: Cart): Address[] {
  const both = [shipping_address, billing_address].filter((address) => address !== null);
  return [...new Map(both.map((address) => [address.id, address])).values()];
}

function idsOf(rows: readonly { readonly id: string }[]): string[] {
  return rows.map(({ id }) => id);
}
