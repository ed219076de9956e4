import type { Transaction } from "../../commands/transaction.ts";
import { newId } from "../../database/new-id.ts";
import { execute, query, type Sql, sql } from "../../database/sql.ts";
import type { Cart } from "../carts/cart-tree.ts";
import { keepAddresses } from "../customers/keep-address.ts";

/** A newly placed order. */
export interface PlacedOrder {
  readonly id: string;
  readonly no_notification: boolean | null;
}

/**
 * Inserts the order of a cart, whose lines and shipping methods carry their tax lines, and links
 * the cart's lines, shipping methods, discounts and gift cards to it. Completes the cart's draft
 * order, if it has one. The order keeps copies of addresses that are in an address book. Returns
 * the order; its statements are sent ahead.
 */
export async function insertOrder(trx: Transaction, cart: Cart): Promise<PlacedOrder> {
  const id = newId("order");
  const draft = cart.type === "draft_order" ? await findDraft(trx, cart.id) : undefined;
  const no_notification = draft?.no_notification_order ?? null;
  const metadata = JSON.stringify(cart.metadata ?? {});
  const addresses = [cart.billing_address, cart.shipping_address];
  const [billing = null, shipping = null] = keepAddresses(trx, addresses);
  execute(
    trx,
    sql`insert into "order" (id, payment_status, cart_id, customer_id, email,
        billing_address_id, shipping_address_id, region_id, currency_code,
        metadata, draft_order_id, no_notification, sales_channel_id)
      values (${id}, 'awaiting', ${cart.id}, ${cart.customer_id}, ${cart.email},
        ${billing}, ${shipping}, ${cart.region_id},
        ${cart.region.currency_code}, ${metadata}::jsonb, ${draft?.id ?? null},
        ${no_notification}, ${cart.sales_channel_id})`,
  );
  if (draft)
    execute(
      trx,
      sql`update draft_order set status = 'completed', completed_at = now(), order_id = ${id},
          updated_at = now()
        where id = ${draft.id}`,
    );
  linkCartToOrder(trx, id, cart);
  replaceTaxLines(trx, cart);
  return { id, no_notification };
}

interface DraftOrder {
  readonly id: string;
  readonly no_notification_order: boolean | null;
}

async function findDraft(trx: Transaction, cartId: string): Promise<DraftOrder | undefined> {
  const [draft] = await query<DraftOrder>(
    trx,
    sql`select id, no_notification_order from draft_order where cart_id = ${cartId}`,
  );
  return draft;
}

function linkCartToOrder(
  trx: Transaction,
  orderId: string,
  { id, discounts, gift_cards }: Cart,
): void {
  const discountIds = discounts.map((discount) => discount.id);
  const cardIds = gift_cards.map((card) => card.id);
  execute(
    trx,
    sql`with
      lines as (
        update line_item set order_id = ${orderId}, updated_at = now() where cart_id = ${id}
      ),
      methods as (update shipping_method set order_id = ${orderId} where cart_id = ${id}),
      codes as (
        insert into order_discounts (order_id, discount_id)
        select ${orderId}, unnest(${discountIds}::text[])
      )
      insert into order_gift_cards (order_id, gift_card_id)
      select ${orderId}, unnest(${cardIds}::text[])`,
  );
}

interface Taxed {
  readonly id: string;
  readonly tax_lines: readonly object[];
}

/**
 * Replaces the stored tax lines of a cart's lines and shipping methods by those that they are sold
 * with. One statement for each table, sent ahead.
 */
export function replaceTaxLines(trx: Transaction, cart: Cart): void {
  const sold = cart.items.filter((line) => !line.is_return);
  if (sold.length > 0)
    execute(
      trx,
      sql`with removed as (
          delete from line_item_tax_line where item_id = any(${sold.map(({ id }) => id)})
        )
        insert into line_item_tax_line (id, rate, name, code, item_id)
        select r.id, r.rate, r.name, r.code, r.owner from ${taxRows("litl", sold)}`,
    );
  const methods = cart.shipping_methods;
  if (methods.length > 0)
    execute(
      trx,
      sql`with removed as (
          delete from shipping_method_tax_line
          where shipping_method_id = any(${methods.map(({ id }) => id)})
        )
        insert into shipping_method_tax_line (id, rate, name, code, shipping_method_id)
        select r.id, r.rate, r.name, r.code, r.owner from ${taxRows("smtl", methods)}`,
    );
}

function taxRows(prefix: string, owners: readonly Taxed[]): Sql {
  const rows = owners.flatMap((owner) =>
    owner.tax_lines.map((line) => ({ ...line, id: newId(prefix), owner: owner.id })),
  );
  return sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
    as r (id text, rate real, name text, code text, owner text)`;
}
