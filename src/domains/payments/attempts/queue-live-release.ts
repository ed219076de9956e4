import type { Knex } from "knex";
import { findLivePayment } from "../payment-queries.ts";
import { queueRelease } from "./release-leases.ts";

/** A cart of which a change removes the sessions. */
interface CartWithoutSessions {
  readonly id: string;
  readonly payment_id: string | null;
}

/**
 * Queues the release of a payment that Medusa left on a cart, which nothing is going to pay with.
 */
export async function queueLiveRelease(
  trx: Knex.Transaction,
  { id, payment_id }: CartWithoutSessions,
): Promise<void> {
  const live = payment_id === null ? undefined : await findLivePayment(trx, id);
  if (!live) return;
  const { amount, currency_code, provider_id, data } = live;
  await queueRelease(trx, {
    ...{ attempt: live.id, resource_id: id, payment_id: live.id, session_id: null },
    ...{ provider_id, amount, currency_code, data, state: "waiting" },
  });
}
