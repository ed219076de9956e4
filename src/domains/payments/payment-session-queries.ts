import type { Knex } from "knex";
import { changesBetween, saveRows, type TableMapping } from "../../database/save-rows.ts";
import { query, sql } from "../../database/sql.ts";
import type { paymentSession } from "../../graph/entities/payment-entities.ts";
import type { Row } from "../../graph/entity.ts";

/** A payment session of a cart or of a payment collection. */
export type PaymentSession = Readonly<Row<typeof paymentSession>>;

const changed = [
  "is_selected",
  "is_initiated",
  "status",
  "data",
  "amount",
  "payment_authorized_at",
];
const sessions: TableMapping = {
  name: "payment_session",
  inserted: ["cart_id", "provider_id", ...changed],
  changed,
  hasUpdatedAt: true,
};

/**
 * A session that no provider knows of yet, of a cart or of a payment collection; the amount in the
 * smallest unit.
 */
export function newSession(
  id: string,
  cartId: string | null,
  providerId: string,
  amount: number,
): PaymentSession {
  return {
    id,
    cart_id: cartId,
    provider_id: providerId,
    is_selected: null,
    is_initiated: false,
    status: "pending",
    data: {},
    amount,
    idempotency_key: null,
    payment_authorized_at: null,
    created_at: "",
    updated_at: "",
  };
}

/**
 * Whether a session's payment was given back, or never began: then it begins anew before it pays.
 */
export function needsInitiation({ status, is_initiated }: PaymentSession): boolean {
  return !is_initiated || status === "authorized" || status === "canceled";
}

/** Keeps a session that no provider knows of yet, unless the cart has one of that provider. */
export async function insertSession(
  trx: Knex.Transaction,
  { id, cart_id, provider_id, status, amount }: PaymentSession,
): Promise<void> {
  await query(
    trx,
    sql`insert into payment_session (id, cart_id, provider_id, status, amount, data, is_initiated)
      values (${id}, ${cart_id}, ${provider_id}, ${status}, ${amount}, '{}', false) on conflict do nothing`,
  );
}

/** Writes what differs between the sessions of a cart before and after. */
export async function saveSessions(
  trx: Knex.Transaction,
  before: readonly PaymentSession[],
  after: readonly PaymentSession[],
): Promise<void> {
  const changes = changesBetween(sessions, before, after);
  // A cart has one session of a provider and one that is chosen, so the old ones must step back
  // before the new ones come.
  const chosen = new Set(after.filter(({ is_selected }) => is_selected).map(({ id }) => id));
  const stepBack = changes.changed.filter(({ id }) => !chosen.has(id));
  await saveRows(trx, sessions, { removed: changes.removed, changed: stepBack, added: [] });
  await saveRows(trx, sessions, {
    removed: [],
    changed: changes.changed.filter(({ id }) => chosen.has(id)),
    added: changes.added,
  });
}

/** Keeps what a provider wants to know of a customer again, such as their id at the provider's. */
export async function mergeCustomerMetadata(
  trx: Knex.Transaction,
  customerId: string,
  metadata: object,
): Promise<void> {
  await query(
    trx,
    sql`update customer set metadata = coalesce(metadata, '{}'::jsonb) || ${JSON.stringify(metadata)}::jsonb, updated_at = now()
      where id = ${customerId}`,
  );
}
