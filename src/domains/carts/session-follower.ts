import type { Knex } from "knex";
import { BusyError, retryWhileBusy } from "../../commands/retry-while-busy.ts";
import { withLease } from "../../concurrency/lease.ts";
import { serializeByKey } from "../../concurrency/serialize-by-key.ts";
import type { Tree } from "../../graph/entity.ts";
import type { Providers } from "../../providers/providers.ts";
import type { Log } from "../../runtime/log.ts";
import { findSessions, type ShownSession } from "../payments/followed-session-queries.ts";
import { acquireUnfollowed } from "../payments/lock-unfollowed-sessions.ts";
import {
  endFollowing,
  renewFollowing,
  type UnfollowedSession,
} from "../payments/unfollowed-session-queries.ts";
import { type Cart, loadCart } from "./cart-tree.ts";
import { type FollowedStep, followSession } from "./follow-session.ts";

interface SessionFollowerDeps {
  readonly database: Knex;
  readonly providers: Providers;
  readonly log: Log;
  /** How long a change of a cart waits for payment providers. */
  readonly seconds: number;
}

interface FollowRequest {
  readonly cartId: string;
  /** The only session that counts; undefined for all. */
  readonly sessionId: string | undefined;
  /** The time, in milliseconds since 1970, at which the caller no longer waits. */
  readonly until: number;
  /** Whether the payment is about to be paid: its provider is asked for its state, too. */
  readonly isVerified: boolean;
}

/** Why a session is still not followed. */
interface Failure {
  readonly provider: string | undefined;
  readonly err: unknown;
}

type Step = FollowedStep & { readonly failure?: Failure };

interface FollowResult {
  /** Whether a session has another payment than before. */
  readonly isRenewed: boolean;
  readonly failures: readonly Failure[];
}

/** How often providers are called again because the cart changed while they were called. */
const MAX_ROUNDS = 5;

/**
 * Tells payment providers what a cart costs once a change of it is committed, so that what a
 * provider knows is what the shopper sees. A change marks the sessions whose provider must hear of
 * it; the mark stays until the provider has answered. One process at a time follows a session, and
 * it goes on until the mark is the one that it has read, so that the last thing that a provider
 * hears is the cart as it is. No transaction is open during a call.
 */
export class SessionFollower {
  constructor(private readonly deps: SessionFollowerDeps) {}

  /**
   * Follows all sessions of a cart for a limited time, or one that is about to be paid. A provider
   * that fails or refuses does not hold up the others: it is called again by the next request that
   * needs it. Returns the sessions as they are now. Throws nothing, since the change is committed:
   * whatever fails is logged.
   */
  async tryToFollow(cartId: string, sessionId?: string): Promise<readonly ShownSession[]> {
    const { database, seconds } = this.deps;
    const [until, isVerified] = [Date.now() + seconds * 1000, sessionId !== undefined];
    try {
      const { failures } = await this.#follow({ cartId, sessionId, until, isVerified });
      for (const failure of failures) this.#logFailure(cartId, failure);
      return await findSessions(database, cartId);
    } catch (err) {
      this.#logFailure(cartId, { err });
      return findSessions(database, cartId).catch(() => []);
    }
  }

  /**
   * Follows a session before it is paid. Returns whether it has another payment than before, which
   * the shopper must see first.
   * @throws ProviderError
   * @throws NotAllowedError if the provider refuses
   * @throws UnavailableError if this server does not have the provider
   * @throws BusyError if another process follows it, or the cart keeps changing
   */
  async follow(cartId: string, sessionId: string): Promise<{ readonly isRenewed: boolean }> {
    const until = Date.now() + this.deps.providers.seconds * 1000;
    const { isRenewed, failures } = await this.#follow({
      ...{ cartId, sessionId, until },
      isVerified: true,
    });
    const [failure] = failures;
    if (failure) throw failure.err;
    return { isRenewed };
  }

  /** Those that failed are not tried again. */
  #follow(request: FollowRequest): Promise<FollowResult> {
    return serializeByKey(`follow:${request.cartId}`, async () => {
      let isRenewed = false;
      for (let round = 1; round <= MAX_ROUNDS; round++) {
        const marks = await this.#acquire(request);
        if (marks.length === 0) return { isRenewed, failures: [] };
        const result = await this.#followAll(request, marks);
        isRenewed ||= result.isRenewed;
        if (result.failures.length > 0) return { ...result, isRenewed };
      }
      throw busy();
    });
  }

  #acquire({ cartId, sessionId, until }: FollowRequest): Promise<readonly UnfollowedSession[]> {
    const acquire = async () => {
      const found = await acquireUnfollowed(this.deps.database, cartId, sessionId);
      if (found.acquired.length === 0 && found.isBusy) throw busy();
      return found.acquired;
    };
    return retryWhileBusy(acquire, { until });
  }

  /** The leases of those that are still not followed end with the last renewal. */
  async #followAll(
    request: FollowRequest,
    marks: readonly UnfollowedSession[],
  ): Promise<FollowResult> {
    const { database } = this.deps;
    const renew = () => renewFollowing(database, marks);
    const steps = await withLease(renew, async () => {
      const cart = await loadCart(database, request.cartId).catch(
        (error: unknown) => error as Error,
      );
      return Promise.all(marks.map((mark) => this.#followOne(cart, mark, request)));
    });
    const unfollowed = marks.filter((_, index) => !steps[index]?.isDone);
    if (unfollowed.length > 0) await endFollowing(database, unfollowed).catch(() => undefined);
    return {
      isRenewed: steps.some(({ isRenewed }) => isRenewed),
      failures: steps.flatMap(({ failure }) => failure ?? []),
    };
  }

  async #followOne(
    cart: Cart | Error,
    mark: UnfollowedSession,
    { until, isVerified }: FollowRequest,
  ): Promise<Step> {
    const sessions = cart instanceof Error ? [] : cart.payment_sessions;
    const provider = sessions.find(({ id }) => id === mark.session_id)?.provider_id;
    const seconds = (until - Date.now()) / 1000;
    try {
      if (cart instanceof Error) throw cart;
      if (seconds <= 0) throw busy();
      return await followSession(this.deps, cart, mark, { seconds, isVerified });
    } catch (err) {
      return { isDone: false, isRenewed: false, failure: { provider, err } };
    }
  }

  #logFailure(cart: string, failure: Partial<Failure>): void {
    this.deps.log.warn(
      { event: "payment_not_followed", cart, ...failure },
      "A payment provider was not told of a cart's change; the next request that needs it tells it",
    );
  }
}

function busy(): BusyError {
  return new BusyError("The cart's payment is being updated. Try again shortly.");
}

/** Returns a shown cart with its sessions as they are now, where they are for the same amount. */
export function withFollowed(cart: Tree, sessions: readonly ShownSession[]): Tree {
  const shown = (session: Tree): Tree => {
    const now = sessions.find(
      ({ id, amount }) => id === session["id"] && amount === session["amount"],
    );
    if (!now) return session;
    const { status, data, is_initiated } = now;
    return { ...session, status, data, is_initiated };
  };
  const { payment_session: selected, payment_sessions: all } = cart;
  return {
    ...cart,
    ...(selected ? { payment_session: shown(selected as Tree) } : {}),
    ...(Array.isArray(all) ? { payment_sessions: all.map(shown) } : {}),
  };
}
