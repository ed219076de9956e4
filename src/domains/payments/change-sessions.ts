import { NotAllowed } from "../../errors.ts";
import type { Cart, Session } from "../carts/cart-tree.ts";
import { type FreshIds, mustBeOfRegion, type SessionDesk } from "./session-desk.ts";
import { isSpent, newSession } from "./session-rows.ts";

type Sessions = Promise<readonly Session[]>;
type Json = Readonly<Record<string, unknown>>;

/**
 * A session for each provider of the region, for what is due. Where there is only one it begins at once; those that are there follow the amount, and
 * only a chosen one stays known to its provider. Nothing due, no sessions.
 */
export async function createSessions(cart: Cart, due: number, desk: SessionDesk, fresh: FreshIds): Sessions {
  const providers = cart.region.payment_providers.map(({ id }) => id);
  const kept: Session[] = [];
  for (const session of cart.payment_sessions) {
    if (due > 0 && providers.includes(session.provider_id)) kept.push(await following(cart, session, due, desk));
    else await desk.givenUp(session);
  }
  if (due <= 0) return [];
  const [only] = providers;
  const isChosen = kept.some((session) => session.is_selected);
  if (only !== undefined && providers.length === 1 && !isChosen) return [await desk.begun(cart, only, due, kept[0])];
  const missing = providers.filter((id) => !kept.some((session) => session.provider_id === id));
  return [...kept, ...missing.map((id) => newSession(fresh(id), cart.id, id, due))];
}

async function following(cart: Cart, session: Session, due: number, desk: SessionDesk): Promise<Session> {
  if (session.is_selected) return brought(cart, session, due, desk);
  await desk.givenUp(session);
  const reset = session.is_initiated ? { is_initiated: false, is_selected: null, data: {}, status: "pending" as const } : {};
  return { ...session, ...reset, amount: due };
}

/** A chosen session for what is now due. */
function brought(cart: Cart, session: Session, due: number, desk: SessionDesk): Promise<Session> {
  return isSpent(session) ? desk.begun(cart, session.provider_id, due, session) : desk.updated(cart, session, due);
}

/**
 * Chooses the session that pays; the one that was chosen before is given up.
 * @throws NotAllowed the region does not have the provider, or the cart has no session of it
 */
export async function selectSession(cart: Cart, providerId: string, due: number, desk: SessionDesk): Sessions {
  mustBeOfRegion(cart, providerId);
  const chosen = cart.payment_sessions.find((session) => session.provider_id === providerId);
  if (!chosen) throw new NotAllowed("Could not find payment session");
  const others = cart.payment_sessions.filter((session) => session !== chosen);
  for (const session of others) await desk.givenUp(session);
  const paying = await brought(cart, chosen, due, desk);
  return [...others.map((session) => ({ ...session, is_selected: null, is_initiated: false })), { ...paying, is_selected: true }];
}

/**
 * Chooses a session and tells its provider what the storefront sent.
 * @throws NotAllowed the region does not have the provider, or the cart has no session of it
 */
export async function tellSession(cart: Cart, providerId: string, due: number, posted: Json, desk: SessionDesk): Sessions {
  const sessions = await selectSession(cart, providerId, due, desk);
  const told = sessions.map((session) => (session.provider_id === providerId ? desk.told(session, posted) : session));
  return Promise.all(told);
}

/** Takes a provider's session away; one that is not there is no fault. */
export async function removeSession(cart: Cart, providerId: string, desk: SessionDesk): Sessions {
  const gone = cart.payment_sessions.filter((session) => session.provider_id === providerId);
  for (const session of gone) await desk.givenUp(session);
  return cart.payment_sessions.filter((session) => !gone.includes(session));
}

/** A chosen session begins anew, and is not chosen any more, as in Medusa; one that is not there is no fault. */
export async function refreshSession(cart: Cart, providerId: string, due: number, desk: SessionDesk, fresh: FreshIds): Sessions {
  const old = cart.payment_sessions.find((session) => session.provider_id === providerId);
  if (!old) return cart.payment_sessions;
  const others = cart.payment_sessions.filter((session) => session !== old);
  if (!old.is_selected) return [...others, { ...old, amount: due }];
  await desk.givenUp(old);
  return [...others, { ...(await desk.begun(cart, providerId, due, old)), id: fresh(providerId), is_selected: null }];
}
