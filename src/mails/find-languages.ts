import type { Knex } from "knex";
import { query, sql } from "../database/sql.ts";

/** The languages that somebody may have, best first; null where none is known. */
type Languages = readonly unknown[];

/**
 * Returns the languages of an order's buyer: `locale` in the order's metadata, in its cart's
 * context, as Medusa's mail plugins read it, or in the customer's metadata.
 */
export async function findLanguagesOfOrder(knex: Knex, orderId: string): Promise<Languages> {
  const [row] = await query<{ languages: Languages }>(
    knex,
    sql`select array[o.metadata->>'locale', c.context->>'locale', b.metadata->>'locale']
        as languages
      from "order" o left join cart c on c.id = o.cart_id
        left join customer b on b.id = o.customer_id
      where o.id = ${orderId}`,
  );
  return row?.languages ?? [];
}

/** Returns the languages of a cart's buyer: `locale` in its context or the customer's metadata. */
export async function findLanguagesOfCart(knex: Knex, cartId: string): Promise<Languages> {
  const [row] = await query<{ languages: Languages }>(
    knex,
    sql`select array[c.context->>'locale', b.metadata->>'locale'] as languages
      from cart c left join customer b on b.id = c.customer_id where c.id = ${cartId}`,
  );
  return row?.languages ?? [];
}

/**
 * Returns the languages of a customer: `locale` in the metadata, or in the newest cart's context.
 */
export async function findLanguagesOfCustomer(knex: Knex, id: string): Promise<Languages> {
  const [row] = await query<{ languages: Languages }>(
    knex,
    sql`select array[b.metadata->>'locale', (
          select c.context->>'locale' from cart c
          where c.customer_id = b.id and c.context->>'locale' is not null
          order by c.created_at desc limit 1)] as languages
      from customer b where b.id = ${id}`,
  );
  return row?.languages ?? [];
}
