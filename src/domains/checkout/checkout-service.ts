import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { runIdempotently } from "../../commands/idempotency.ts";
import { runInTransaction } from "../../commands/transaction.ts";
import { retry } from "../../concurrency/retry.ts";
import { serializeByKey } from "../../concurrency/serialize-by-key.ts";
import { ConflictError, InvalidDataError, NotAllowedError, ShopError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import { query, sql } from "../../database/sql.ts";
import type { Tree } from "../../graph/entity.ts";
import type { Providers } from "../../providers/providers.ts";
import { defaultCartView, showCart } from "../carts/cart-view.ts";
import { recordSessionStatus, saveCanceledPayment } from "../payments/payment-queries.ts";
import { type ReleasedPayment, refundOrVoid } from "../payments/refund-or-void.ts";
import {
  beginCompletion,
  type CompletionDeps,
  type CompletionMode,
  type CompletionStep,
  type PayStep,
} from "./begin-completion.ts";
import { type CheckoutLease, CheckoutLeases, LeaseLostError } from "./checkout-lease.ts";
import { appendReleaseMessage } from "./checkout-rules.ts";
import type { Completed, CompletionTarget, CompletionTargets } from "./completion-target.ts";
import { findPlacedId } from "./find-placed-id.ts";
import { paymentOf, paymentToRelease } from "./lease-payments.ts";
import { acquireOrphanedPaymentLease, findOrphanedPayment } from "./orphaned-payments.ts";
import {
  authorize,
  type PaymentResult,
  requirePaymentProvider,
  syncAmount,
} from "./payment-steps.ts";

/** What a cart became, or the cart whose payment needs more. */
export type Completion = Completed | { data: Tree; payment_status: string; type: "cart" };

interface CompletionContext extends Pick<RequestContext, "now" | "idempotency"> {
  /** The provider that says that the cart was paid with it; undefined for a shopper's own call. */
  readonly paidBy?: string;
}

const BUSY = "The cart is being completed. Try again shortly.";

/** How long a request waits for another process that completes the same cart. */
const WAIT_TIMEOUT_MS = 8000;
const POLL_INTERVAL_MS = 100;

/**
 * From a full cart to an order, in steps: claim, tell, authorize, place; or give back. Each step is
 * written down before it is done, so whoever comes next goes on where it ended.
 */
export class CheckoutService {
  readonly #deps: CompletionDeps;

  constructor(database: Knex, providers: Providers, targets: CompletionTargets) {
    this.#deps = { database, providers, targets, leases: new CheckoutLeases() };
  }

  /**
   * Completes a cart, or gives what it became already.
   * @throws NotFound · NotAllowed · InvalidData something is missing, the payment is declined, or a
   * discount is used up · OutOfStock · Conflict what is due has changed, or another process is at
   * it · PaidByAnother · ProviderFailure asking again goes on
   */
  complete(ctx: CompletionContext, cartId: string): Promise<Completion> {
    return serializeByKey(`cart:${cartId}`, async () => {
      const end = Date.now() + WAIT_TIMEOUT_MS;
      for (;;) {
        try {
          const answer = await this.#completeOnce(ctx, cartId, "start");
          if (answer) return answer;
        } catch (error) {
          if (!(error instanceof LeaseLostError)) throw error;
        }
        if (Date.now() > end) throw new ConflictError(BUSY);
        await sleep(POLL_INTERVAL_MS * (0.5 + Math.random()));
      }
    });
  }

  /**
   * Finishes a completion that was cut off, without the shopper: what was begun goes on; what
   * cannot, and what is given up, is given back, and the cart is open. Gives what the cart became;
   * undefined when it is open again, or nobody's to finish.
   * @throws ShopError the cart is refused · ProviderFailure it has to wait
   */
  resume(
    now: Date,
    cartId: string,
    mode: Exclude<CompletionMode, "start">,
  ): Promise<Completion | undefined> {
    return serializeByKey(`cart:${cartId}`, () =>
      this.#completeOnce({ now, idempotency: undefined }, cartId, mode),
    );
  }

  /**
   * Gives back what a provider holds for a cart that it does not pay, or that is refused. Says
   * whether there was any.
   * @throws Conflict another process is at the cart · ProviderFailure
   */
  releaseOrphanedPayment(cartId: string, providerId: string): Promise<boolean> {
    return serializeByKey(`cart:${cartId}`, async () => {
      const orphaned = await findOrphanedPayment(
        this.#deps.database,
        this.#deps.providers,
        cartId,
        providerId,
      );
      if (!orphaned) return false;
      const lease = await runInTransaction(this.#deps.database, (trx) =>
        acquireOrphanedPaymentLease(trx, this.#deps.leases, orphaned),
      );
      if (!lease) throw new ConflictError(BUSY);
      const release = () => this.#releasePayment(lease);
      await this.#releaseLeaseOnError(lease, () =>
        this.#deps.leases.renewWhile(this.#deps.database, lease, release),
      ).catch((error: unknown) => {
        throw error instanceof LeaseLostError ? new ConflictError(BUSY) : error;
      });
      return true;
    });
  }

  /** One way through the steps; undefined when it has to be gone again. */
  async #completeOnce(
    ctx: CompletionContext,
    cartId: string,
    mode: CompletionMode,
  ): Promise<Completion | undefined> {
    const { now, paidBy } = ctx;
    const next = await beginCompletion(this.#deps, { cartId, now, mode, paidBy });
    if (next.step === "busy") return;
    if (next.step === "placed") return this.#showPlaced(ctx, next.target, next.id);
    const run = () => this.#runStep(ctx, next);
    return this.#releaseLeaseOnError(next.lease, () =>
      this.#deps.leases.renewWhile(this.#deps.database, next.lease, run),
    );
  }

  /** Whatever goes wrong, others may go on at once; what was being paid stays noted. */
  async #releaseLeaseOnError<T>(lease: CheckoutLease, execute: () => Promise<T>): Promise<T> {
    try {
      return await execute();
    } catch (error) {
      await retry(() => this.#deps.leases.releaseLease(this.#deps.database, lease)).catch(
        () => undefined,
      );
      throw error;
    }
  }

  async #runStep(
    ctx: CompletionContext,
    next: Extract<CompletionStep, { lease: CheckoutLease }>,
  ): Promise<Completion | undefined> {
    if (next.step === "release") {
      await this.#releasePayment(next.lease);
      return;
    }
    const result = await this.#pay(next);
    if (!result || result.status === "authorized") return this.#place(ctx, next, result);
    if (result.status === "error" || result.status === "canceled")
      return this.#decline(next.lease, result);
    return this.#recordRequiresMore(ctx, next, result);
  }

  /**
   * Nothing is locked while the provider works. An answer that got lost leaves the try noted; the
   * same question brings it back.
   */
  async #pay({ lease, cart }: PayStep): Promise<PaymentResult | undefined> {
    if (lease.attempt === null) return;
    if (lease.payment_id !== null) return { status: "authorized", data: lease.data };
    const provider = requirePaymentProvider(this.#deps.providers, lease);
    if (lease.state === "authorizing") return authorize(provider, cart, lease);
    const data = await syncAmount(provider, cart, lease).catch(async (error: unknown) => {
      // Whoever refuses to hear of a payment has set nothing aside.
      if (error instanceof NotAllowedError) await this.#deps.leases.end(this.#deps.database, lease);
      throw error;
    });
    return authorize(
      provider,
      cart,
      await this.#deps.leases.record(this.#deps.database, lease, { state: "authorizing", data }),
    );
  }

  async #decline(lease: CheckoutLease, result: PaymentResult): Promise<never> {
    const refusal = result.refusal ?? new InvalidDataError("Cart payment not authorized");
    if (result.holdsFunds) return this.#refuse(lease, result, refusal);
    await runInTransaction(this.#deps.database, async (trx) => {
      await this.#deps.leases.end(trx, lease);
      if (!result.refusal) await recordSessionStatus(trx, lease, result);
    });
    throw refusal;
  }

  /**
   * The provider wants something of the shopper first. Asked again, the completion goes on, so this
   * answer is not kept.
   */
  #recordRequiresMore(
    ctx: CompletionContext,
    { lease, rates }: PayStep,
    { status, data }: PaymentResult,
  ): Promise<Completion> {
    return runInTransaction(this.#deps.database, async (trx) => {
      await this.#deps.leases.end(trx, lease);
      await recordSessionStatus(trx, lease, { status, data });
      const showing = { ...defaultCartView, forcesTaxes: true };
      const { cart } = await showCart(trx, lease.cart_id, showing, {
        now: ctx.now,
        findRates: async () => rates,
      });
      return { data: cart, payment_status: status, type: "cart" as const };
    });
  }

  /**
   * Step "place": the one transaction that makes of the cart what it becomes; refused, what was
   * paid is given back.
   */
  async #place(
    ctx: CompletionContext,
    { lease, rates, target }: PayStep,
    result: PaymentResult | undefined,
  ): Promise<Completion> {
    const payment = result && paymentOf(lease, result.data);
    try {
      return await runIdempotently(this.#deps.database, ctx as RequestContext, async (trx) => {
        await query(trx, sql`select 1 from cart where id = ${lease.cart_id} for update`);
        await this.#deps.leases.end(trx, lease);
        const { cart_id: cartId, amount } = lease;
        const placement = { cartId, amount, payment, rates, now: ctx.now };
        return target.show(trx, await target.place(trx, placement));
      });
    } catch (error) {
      if (error instanceof ShopError) return this.#refuse(lease, result, error);
      const id = await findPlacedId(this.#deps.database, lease, target);
      if (id === undefined) throw error;
      return this.#showPlaced(ctx, target, id);
    }
  }

  /**
   * Gives back what was paid, and says so; what cannot be given back yet, whoever comes next will.
   */
  async #refuse(
    lease: CheckoutLease,
    result: PaymentResult | undefined,
    refusal: ShopError,
  ): Promise<never> {
    if (!result) {
      await this.#deps.leases.end(this.#deps.database, lease);
      throw refusal;
    }
    const recorded = await this.#deps.leases.record(this.#deps.database, lease, {
      state: "canceling",
      data: result.data,
    });
    const what = await this.#releasePayment(recorded).catch(() => "later" as const);
    throw appendReleaseMessage(refusal, what);
  }

  /** Gives back what was paid and opens the cart again; tells what was given back. */
  async #releasePayment(lease: CheckoutLease): Promise<ReleasedPayment["what"]> {
    const recordDeletion = () =>
      this.#deps.leases.record(this.#deps.database, lease, { state: "deleting" });
    const released =
      lease.attempt === null
        ? undefined
        : await refundOrVoid(
            requirePaymentProvider(this.#deps.providers, lease),
            paymentToRelease(lease, recordDeletion),
          );
    await runInTransaction(this.#deps.database, async (trx) => {
      await this.#deps.leases.end(trx, lease);
      if (!released) return;
      if (released.what !== "nothing" || lease.payment_id)
        await saveCanceledPayment(
          trx,
          { ...paymentOf(lease, lease.data), amount: released.amount },
          released,
        );
      else await recordSessionStatus(trx, lease, { status: "canceled", data: released.data });
    });
    return released?.what ?? "nothing";
  }

  #showPlaced(ctx: CompletionContext, target: CompletionTarget, id: string): Promise<Completion> {
    return runIdempotently(this.#deps.database, ctx as RequestContext, (trx) =>
      target.show(trx, id),
    );
  }
}
