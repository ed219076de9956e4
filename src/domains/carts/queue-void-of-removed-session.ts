import type { Knex } from "knex";
import { newId } from "../../database/new-id.ts";
import { query, sql } from "../../database/sql.ts";
import type { Providers } from "../../providers/providers.ts";
import { needsInitiation } from "../payments/payment-session-queries.ts";
import type { Cart } from "./cart-tree.ts";

/**
 * A payment whose session a change takes away is left to be given back: the shopper may be paying
 * on its provider's page.
 */
export async function queueVoidOfRemovedSession(
  trx: Knex.Transaction,
  { payment }: Providers,
  before: Cart,
  after: Cart,
): Promise<void> {
  const remainingIds = new Set(after.payment_sessions.map(({ id }) => id));
  const removed = before.payment_sessions.find(
    (session) =>
      !remainingIds.has(session.id) &&
      !needsInitiation(session) &&
      payment.has(session.provider_id),
  );
  if (!removed || payment.get(removed.provider_id).pure) return;
  const { provider_id, amount, data } = removed;
  await query(
    trx,
    sql`insert into nettle_checkout (cart_id, claimed_until, state, attempt, provider_id, amount, currency_code, data)
      values (${before.id}, clock_timestamp(), 'canceling', ${newId("attempt")}, ${provider_id}, ${amount ?? 0}, ${before.region.currency_code},
        ${JSON.stringify(data ?? {})}::jsonb) on conflict do nothing`,
  );
}
