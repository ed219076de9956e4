import type { PaymentGateway } from "../payments/payment-gateway.ts";
import { type DraftSession, newSession } from "../payments/payment-session-queries.ts";
import type { PaymentCollection } from "./lock-collection.ts";
import type { SessionWish } from "./payment-collection-schemas.ts";

/** What a change of a collection's sessions may need. */
export interface SessionChange {
  readonly collection: PaymentCollection;
  readonly gateway: PaymentGateway;
  /** Returns the id of a new row. It is the same id when the command runs again. */
  readonly newId: (prefix: string) => string;
}

/**
 * Returns the sessions that pay what is wished for, in that order. Sessions that are named follow
 * the amount, the others are new; the payments of those that are not named are deleted.
 * @throws NotFoundError if this server does not have the provider
 * @throws ProviderError
 * @throws NotAllowedError if the provider refuses
 */
export async function setSessions(
  change: SessionChange,
  wishes: readonly SessionWish[],
): Promise<DraftSession[]> {
  const { payment_sessions } = change.collection;
  const set: DraftSession[] = [];
  for (const { provider_id, amount, session_id } of wishes) {
    const present = payment_sessions.find(
      ({ id, provider_id: of }) => id === session_id && of === provider_id,
    );
    set.push(
      present
        ? await change.gateway.updateAmount(present, amount)
        : await initiateSession(change, provider_id, amount),
    );
  }
  for (const session of payment_sessions)
    if (!set.some(({ id }) => id === session.id)) change.gateway.giveUp(session);
  return set;
}

/**
 * Initiates a new session of a collection.
 * @throws NotFoundError if this server does not have the provider
 * @throws ProviderError
 * @throws NotAllowedError if the provider refuses
 */
export function initiateSession(
  { gateway, newId }: SessionChange,
  providerId: string,
  amount: number,
): Promise<DraftSession> {
  return gateway.initiate(newSession(newId("ps"), null, providerId, amount), amount);
}
