import { NotAllowedError } from "../../core/errors.ts";
import type { Cart } from "../carts/cart-tree.ts";
import type { PaymentSession } from "../payments/payment-session-queries.ts";
import { needsInitiation, newSession } from "../payments/payment-session-queries.ts";
import { type FreshIds, mustBeOfRegion, type PaymentGateway } from "./payment-gateway.ts";

type Sessions = Promise<readonly PaymentSession[]>;
type Json = Readonly<Record<string, unknown>>;

/**
 * A session for each provider of the region, for what is due. Where there is only one it begins at
 * once; those that are there follow the amount, and only a chosen one stays known to its provider.
 * Nothing due, no sessions.
 */
export async function createSessions(
  cart: Cart,
  due: number,
  gateway: PaymentGateway,
  fresh: FreshIds,
): Sessions {
  const providers = cart.region.payment_providers.map(({ id }) => id);
  const remaining: PaymentSession[] = [];
  for (const session of cart.payment_sessions) {
    if (due > 0 && providers.includes(session.provider_id))
      remaining.push(await keepInSync(cart, session, due, gateway));
    else await gateway.deleteSession(session);
  }
  if (due <= 0) return [];
  const [only] = providers;
  const isChosen = remaining.some((session) => session.is_selected);
  if (only !== undefined && providers.length === 1 && !isChosen)
    return [await gateway.initiate(cart, only, due, remaining[0])];
  const missing = providers.filter(
    (id) => !remaining.some((session) => session.provider_id === id),
  );
  return [...remaining, ...missing.map((id) => newSession(fresh(id), cart.id, id, due))];
}

async function keepInSync(
  cart: Cart,
  session: PaymentSession,
  due: number,
  gateway: PaymentGateway,
): Promise<PaymentSession> {
  if (session.is_selected) return syncAmount(cart, session, due, gateway);
  await gateway.deleteSession(session);
  const reset = session.is_initiated
    ? { is_initiated: false, is_selected: null, data: {}, status: "pending" as const }
    : {};
  return { ...session, ...reset, amount: due };
}

/** A chosen session for what is now due. */
function syncAmount(
  cart: Cart,
  session: PaymentSession,
  due: number,
  gateway: PaymentGateway,
): Promise<PaymentSession> {
  return needsInitiation(session)
    ? gateway.initiate(cart, session.provider_id, due, session)
    : gateway.updateAmount(cart, session, due);
}

/**
 * Chooses the session that pays; the one that was chosen before is given up.
 * @throws NotAllowed the region does not have the provider, or the cart has no session of it
 */
export async function selectSession(
  cart: Cart,
  providerId: string,
  due: number,
  gateway: PaymentGateway,
): Sessions {
  mustBeOfRegion(cart, providerId);
  const chosen = cart.payment_sessions.find((session) => session.provider_id === providerId);
  if (!chosen) throw new NotAllowedError("Could not find payment session");
  const others = cart.payment_sessions.filter((session) => session !== chosen);
  for (const session of others) await gateway.deleteSession(session);
  const paying = await syncAmount(cart, chosen, due, gateway);
  return [
    ...others.map((session) => ({ ...session, is_selected: null, is_initiated: false })),
    { ...paying, is_selected: true },
  ];
}

/**
 * Chooses a session and tells its provider what the storefront sent.
 * @throws NotAllowed the region does not have the provider, or the cart has no session of it
 */
export async function postSessionData(
  cart: Cart,
  providerId: string,
  due: number,
  posted: Json,
  gateway: PaymentGateway,
): Sessions {
  const sessions = await selectSession(cart, providerId, due, gateway);
  const withData = sessions.map((session) =>
    session.provider_id === providerId ? gateway.postData(session, posted) : session,
  );
  return Promise.all(withData);
}

/** Takes a provider's session away; one that is not there is no fault. */
export async function removeSession(
  cart: Cart,
  providerId: string,
  gateway: PaymentGateway,
): Sessions {
  const gone = cart.payment_sessions.filter((session) => session.provider_id === providerId);
  for (const session of gone) await gateway.deleteSession(session);
  return cart.payment_sessions.filter((session) => !gone.includes(session));
}

/**
 * A chosen session begins anew, and is not chosen any more, as in Medusa; one that is not there is
 * no fault.
 */
export async function refreshSession(
  cart: Cart,
  providerId: string,
  due: number,
  gateway: PaymentGateway,
  fresh: FreshIds,
): Sessions {
  const old = cart.payment_sessions.find((session) => session.provider_id === providerId);
  if (!old) return cart.payment_sessions;
  const others = cart.payment_sessions.filter((session) => session !== old);
  if (!old.is_selected) return [...others, { ...old, amount: due }];
  await gateway.deleteSession(old);
  return [
    ...others,
    {
      ...(await gateway.initiate(cart, providerId, due, old)),
      id: fresh(providerId),
      is_selected: null,
    },
  ];
}
