import type { Knex } from "knex";
import { newId } from "../../database/new-id.ts";
import { query, sql } from "../../database/sql.ts";
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
 * the order.
 */
export async function insertOrder(trx: Knex.Transaction, cart: Cart): Promise<PlacedOrder> {
  const id = newId("order");
  const [draft] = await query<{ id: string; no_notification_order: boolean | null }>(
    trx,
    sql`update draft_order set order_id = null, updated_at = now() where cart_id = ${cart.id}
      returning id, no_notification_order`,
  );
  const no_notification = draft?.no_notification_order ?? null;
  const metadata = JSON.stringify(cart.metadata ?? {});
  const [billing = null, shipping = null] = await keepAddresses(trx, [
    cart.billing_address,
    cart.shipping_address,
  ]);
  await query(
    trx,
    sql`insert into "order" (id, payment_status, cart_id, customer_id, email,
        billing_address_id, shipping_address_id, region_id, currency_code,
        metadata, draft_order_id, no_notification, sales_channel_id)
      values (${id}, 'awaiting', ${cart.id}, ${cart.customer_id}, ${cart.email},
        ${billing}, ${shipping}, ${cart.region_id},
        ${cart.region.currency_code}, ${metadata}::jsonb, ${draft?.id ?? null},
        ${no_notification}, ${cart.sales_channel_id})`,
  );
  if (draft) {
    await query(
      trx,
      sql`update draft_order set status = 'completed', completed_at = now(), order_id = ${id}
        where id = ${draft.id}`,
    );
  }
  await linkCartToOrder(trx, id, cart);
  await replaceTaxLines(trx, cart);
  return { id, no_notification };
}

async function linkCartToOrder(
  trx: Knex.Transaction,
  orderId: string,
  { id, discounts, gift_cards }: Cart,
): Promise<void> {
  const discountIds = discounts.map((discount) => discount.id);
  const cardIds = gift_cards.map((card) => card.id);
  await query(
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

/**
 * Replaces the stored tax lines of a cart's lines and shipping methods by those that they are sold
 * with.
 */
export async function replaceTaxLines(trx: Knex.Transaction, cart: Cart): Promise<void> {
  const sold = cart.items.filter((line) => !line.is_return);
  const lineIds = sold.map(({ id }) => id);
  const methodIds = cart.shipping_methods.map(({ id }) => id);
  await query(trx, sql`delete from line_item_tax_line where item_id = any(${lineIds})`);
  await query(
    trx,
    sql`delete from shipping_method_tax_line where shipping_method_id = any(${methodIds})`,
  );
  const rows = (
    prefix: string,
    owners: readonly { readonly id: string; readonly tax_lines: readonly object[] }[],
  ) =>
    JSON.stringify(
      owners.flatMap((owner) =>
        owner.tax_lines.map((line) => ({ ...line, id: newId(prefix), owner: owner.id })),
      ),
    );
  await query(
    trx,
    sql`insert into line_item_tax_line (id, rate, name, code, item_id)
      select r.id, r.rate, r.name, r.code, r.owner
      from jsonb_to_recordset(${rows("litl", sold)}::jsonb)
        as r (id text, rate real, name text, code text, owner text)`,
  );
  await query(
    trx,
    sql`insert into shipping_method_tax_line (id, rate, name, code, shipping_method_id)
      select r.id, r.rate, r.name, r.code, r.owner
      from jsonb_to_recordset(${rows("smtl", cart.shipping_methods)}::jsonb)
        as r (id text, rate real, name text, code text, owner text)`,
  );
}
