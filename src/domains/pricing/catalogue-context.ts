import type { Knex } from "knex";
import type { RequestContext } from "../../core/request-context.ts";
import { query, type Sql, sql } from "../../database/sql.ts";

/** What a catalogue read depends on beside its query, resolved before anything is read. */
export interface ResolvedContext {
  readonly query: Readonly<Record<string, unknown>>;
  readonly ctx: RequestContext;
}

/**
 * Replaces a cart by its region, and a customer by those of their groups that a price list names.
 * What is read afterwards is then the same for all with this context. Returns undefined for a cart
 * that does not exist, which the read itself refuses.
 */
export async function resolveCatalogueContext(
  connection: Knex,
  asked: Readonly<Record<string, unknown>>,
  ctx: RequestContext,
): Promise<ResolvedContext | undefined> {
  const { cart_id: cartId, ...others } = asked;
  const guest = { ...ctx, customerId: undefined, credential: undefined };
  if (!cartId && !ctx.customerId) return { query: others, ctx: { ...guest, groupIds: [] } };
  const [row] = await query<{ cart: { region_id: string | null } | null; groups: string[] }>(
    connection,
    sql`select
      (select json_build_object('region_id', c.region_id) from cart c
        where c.id = ${String(cartId ?? "")} and c.deleted_at is null) as cart,
      ${groupsWithPrices(sql`${ctx.customerId ?? ""}`)} as groups`,
  );
  if (cartId && !row?.cart) return;
  const region = cartId ? { region_id: row?.cart?.region_id ?? undefined } : {};
  return {
    query: { ...others, ...region },
    ctx: { ...guest, groupIds: row?.groups ?? [] },
  };
}

/** Returns the expression for those groups of a customer that a price list names, in one order. */
export function groupsWithPrices(customerId: Sql): Sql {
  return sql`array(select distinct j.customer_group_id
    from customer_group_customers j join customer_group g on g.id = j.customer_group_id
    where j.customer_id = ${customerId} and g.deleted_at is null
      and exists (select from price_list_customer_groups p
        where p.customer_group_id = j.customer_group_id)
    order by 1)`;
}

/** Far more price lists than a shop begins or ends within the life of a body. */
const MAX_TIMES = 1000;
const MINUTE_MS = 60_000;

/**
 * Returns the next times at which price lists begin or end, in milliseconds since 1970, ascending.
 * It begins a minute ago, for the reads that have begun already.
 */
export async function findClockChanges(connection: Knex): Promise<number[]> {
  const from = new Date(Date.now() - MINUTE_MS).toISOString();
  const rows = await query<{ at: string }>(
    connection,
    sql`select at from price_list, unnest(array[starts_at, ends_at]) at
      where deleted_at is null and at > ${from}
      order by at limit ${MAX_TIMES}`,
  );
  return rows.map(({ at }) => Date.parse(at));
}

const ORDERS_WITHOUT_STOCK =
  /^-?(id|title|handle|created_at|price|variants\.title|variants\.prices\.amount)$/;

/**
 * Returns the ids of the variants whose stock a catalogue answer shows; undefined if it depends on
 * the stock of others, too.
 */
export function stockShown(
  asked: Readonly<Record<string, unknown>>,
  answer: unknown,
): ReadonlySet<string> | undefined {
  const { in_stock: inStock, inventory_quantity: quantity, order } = asked;
  if (inStock !== undefined || quantity !== undefined) return;
  if (order !== undefined && !ORDERS_WITHOUT_STOCK.test(String(order))) return;
  const ids = new Set<string>();
  return addVariants(answer, false, ids) ? ids : undefined;
}

/** Returns whether every variant could be told by its id. */
function addVariants(value: unknown, isVariant: boolean, ids: Set<string>): boolean {
  if (Array.isArray(value)) return value.every((one) => addVariants(one, isVariant, ids));
  if (typeof value !== "object" || value === null) return true;
  const { id } = value as { id?: unknown };
  if (isVariant || "inventory_quantity" in value) {
    if (typeof id !== "string") return false;
    ids.add(id);
  }
  return Object.entries(value).every(([name, inner]) => {
    if (name === "metadata") return true;
    return addVariants(inner, name === "variants" || name === "variant", ids);
  });
}
