import type { CollectionDesk } from "./collection-desk.ts";
import type { Collection, Session } from "./locked-collection.ts";
import type { SessionWish } from "./payment-collection-schemas.ts";

/** The sessions that pay the wishes, in their order: those that are named follow the amount, others are new, and what is left over is given up. */
export async function setSessions(
  { payment_sessions }: Collection,
  wishes: readonly SessionWish[],
  desk: CollectionDesk,
): Promise<Session[]> {
  const set: Session[] = [];
  for (const [number, { provider_id, amount, session_id }] of wishes.entries()) {
    const present = payment_sessions.find(({ id, provider_id: of }) => id === session_id && of === provider_id);
    set.push(present ? await desk.updated(present, amount) : await desk.begun(provider_id, amount, number));
  }
  for (const session of payment_sessions) if (!set.some(({ id }) => id === session.id)) await desk.givenUp(session);
  return set;
}
