import { newId } from "../../database/new-id.ts";
import type { Authorization, NewAuthorization } from "../payments/attempts/authorization-leases.ts";
import type { PaymentSession } from "../payments/payment-session-queries.ts";
import type { PaymentCollection } from "./lock-collection.ts";

/** Returns a new attempt to authorize a session. */
export function newAuthorization(
  { id, currency_code }: PaymentCollection,
  session: PaymentSession,
  context: Authorization["context"],
): NewAuthorization {
  return {
    session_id: session.id,
    payment_collection_id: id,
    attempt: newId("attempt"),
    provider_id: session.provider_id,
    amount: session.amount ?? 0,
    currency_code,
    data: (session.data ?? {}) as Authorization["data"],
    context,
    tries: 0,
  };
}
