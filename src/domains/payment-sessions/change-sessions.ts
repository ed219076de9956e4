import { NotAllowedError } from "../../core/errors.ts";
import type { Cart } from "../carts/cart-tree.ts";
import type { PaymentGateway } from "../payments/payment-gateway.ts";
import {
  type DraftSession,
  needsInitiation,
  newSession,
} from "../payments/payment-session-queries.ts";

type Sessions = Promise<readonly DraftSession[]>;
type Json = Readonly<Record<string, unknown>>;

/** What a change of a cart's sessions may need. */
export interface SessionChange {
  readonly cart: Cart;
  /** What is to be paid, all taxes included, in the smallest unit of the currency. */
  readonly due: number;
  readonly gateway: PaymentGateway;
  /** Returns the id of a provider's new session. It is the same id when the command runs again. */
  readonly newId: (providerId: string) => string;
  /** Ends this run of the command, stores the session, and runs the command again. */
  readonly storeFirst: (session: DraftSession) => never;
  /**
   * Returns a session whose payment follows the cart. A remote provider is called first, while no
   * transaction is open. One that fails is an error where the session is the `required` one;
   * otherwise the session says so.
   */
  readonly follow: (session: DraftSession, need: "required" | "tried") => Promise<DraftSession>;
}

/**
 * Creates a session for each provider of the region. A single provider's session is initiated and
 * selected at once. Present sessions follow the amount; only the selected one stays known to its
 * provider. One of several providers that fails keeps the shopper from no other. Returns no
 * sessions where nothing is due.
 * @throws NotFoundError if this server does not have the provider
 * @throws ProviderError
 * @throws NotAllowedError if the provider refuses
 */
export async function createSessions(change: SessionChange): Sessions {
  const { cart, due, gateway } = change;
  const providers = cart.region.payment_providers.map(({ id }) => id);
  const remaining: DraftSession[] = [];
  for (const session of cart.payment_sessions) {
    if (due > 0 && providers.includes(session.provider_id) && gateway.has(session.provider_id))
      remaining.push(await keepInSync(change, session, providers.length));
    else gateway.giveUp(session);
  }
  if (due <= 0) return [];
  const [only] = providers;
  const hasSelected = remaining.some((session) => session.is_selected);
  if (only !== undefined && providers.length === 1 && !hasSelected)
    return [await initiate(change, only, remaining[0])];
  const missing = providers.filter(
    (id) => !remaining.some((session) => session.provider_id === id),
  );
  return [...remaining, ...missing.map((id) => sessionOf(change, id))];
}

async function keepInSync(
  change: SessionChange,
  session: DraftSession,
  providers: number,
): Promise<DraftSession> {
  if (session.is_selected)
    return needsInitiation(session) && providers === 1
      ? initiate(change, session.provider_id, session)
      : change.follow(session, "tried");
  change.gateway.giveUp(session);
  const reset = session.is_initiated
    ? { is_initiated: false, is_selected: null, data: {}, status: "pending" as const }
    : {};
  return { ...session, ...reset, amount: change.due };
}

/**
 * Initiates a payment and selects its session. An answer that is lost is found again by the same
 * idempotency key, which comes from the stored row; so a new row is stored first.
 */
async function initiate(
  change: SessionChange,
  providerId: string,
  stored: DraftSession | undefined,
): Promise<DraftSession> {
  const { due, gateway, storeFirst } = change;
  const session = stored ?? sessionOf(change, providerId);
  if (!stored && gateway.needsStoredSession(providerId)) storeFirst(session);
  return { ...(await gateway.initiate(session, due)), is_selected: true };
}

function sessionOf({ cart, due, newId }: SessionChange, providerId: string): DraftSession {
  return newSession(newId(providerId), cart.id, providerId, due);
}

/**
 * Selects the session that pays; the payment of the one that was selected before is deleted.
 * @throws NotAllowedError if the region does not have the provider, the cart has no session of it,
 * or the provider refuses
 * @throws NotFoundError if this server does not have the provider
 * @throws ProviderError
 */
export async function selectSession(change: SessionChange, providerId: string): Sessions {
  const { cart, gateway } = change;
  mustBeOfRegion(cart, providerId);
  const selected = cart.payment_sessions.find((session) => session.provider_id === providerId);
  if (!selected) throw new NotAllowedError("Could not find payment session");
  const others = cart.payment_sessions.filter((session) => session !== selected);
  for (const session of others) gateway.giveUp(session);
  const paying = needsInitiation(selected)
    ? await initiate(change, providerId, selected)
    : await change.follow(selected, "required");
  return [...others.map(withoutPayment), { ...paying, is_selected: true }];
}

/** A session that is not followed needs no call any more. */
function withoutPayment(session: DraftSession): DraftSession {
  const { status } = session;
  return {
    ...session,
    is_selected: null,
    is_initiated: false,
    status: status === "error" ? "pending" : status,
  };
}

/**
 * Selects a session and sends its provider what the storefront posted.
 * @throws NotAllowedError if the region does not have the provider, the cart has no session of it,
 * or the provider refuses
 * @throws NotFoundError if this server does not have the provider
 * @throws ProviderError
 */
export async function postSessionData(
  change: SessionChange,
  providerId: string,
  posted: Json,
): Sessions {
  const sessions = await selectSession(change, providerId);
  const withData = sessions.map((session) =>
    session.provider_id === providerId ? change.gateway.postData(session, posted) : session,
  );
  return Promise.all(withData);
}

/**
 * Removes a provider's session. A missing one is not an error.
 * @throws ProviderError
 */
export async function removeSession(
  { cart, gateway }: SessionChange,
  providerId: string,
): Sessions {
  const removed = cart.payment_sessions.filter((session) => session.provider_id === providerId);
  for (const session of removed) gateway.giveUp(session);
  return cart.payment_sessions.filter((session) => !removed.includes(session));
}

/**
 * Initiates a selected session again, under a new id; it is then not selected, as in Medusa. A
 * missing session is not an error.
 * @throws NotFoundError if this server does not have the provider
 * @throws ProviderError
 * @throws NotAllowedError if the provider refuses
 */
export async function refreshSession(change: SessionChange, providerId: string): Sessions {
  const { cart, due, gateway, newId } = change;
  const old = cart.payment_sessions.find((session) => session.provider_id === providerId);
  if (!old) return cart.payment_sessions;
  const others = cart.payment_sessions.filter((session) => session !== old);
  if (!old.is_selected)
    return [
      ...others,
      needsInitiation(old) ? { ...old, amount: due } : await change.follow(old, "tried"),
    ];
  gateway.giveUp(old);
  const initiated = await gateway.initiate(old, due);
  return [...others, { ...initiated, id: newId(providerId), is_selected: null }];
}

function mustBeOfRegion(cart: Cart, providerId: string): void {
  if (!cart.region.payment_providers.some(({ id }) => id === providerId))
    throw new NotAllowedError("The payment method is not available in this region");
}
