import { BusyError, retryWhileBusy } from "../../commands/retry-while-busy.ts";
import { runInTransaction } from "../../commands/transaction.ts";
import { serializeByKey } from "../../concurrency/serialize-by-key.ts";
import { cartKey } from "../carts/cart-lock.ts";
import { checkoutLeases } from "../payments/attempts/checkout-leases.ts";
import { holdLeases } from "../payments/attempts/hold-leases.ts";
import { beginCompletion, type CheckoutDeps, type PayStep } from "./begin-completion.ts";
import type { CompletionMode } from "./cancel-completion.ts";
import {
  type Completion,
  type CompletionContext,
  declineCompletion,
  placeCompletion,
  recordRequiresMore,
  showPlaced,
  showRenewed,
} from "./finish-completion.ts";
import { findOrphanedPayment, queueOrphanedPayment } from "./orphaned-payments.ts";
import type { PaymentReporter } from "./payment-reporter.ts";
import { pay } from "./payment-steps.ts";
import { publishRelease, type ReleaseReason } from "./publish-release.ts";

interface CompletionRequestContext extends Omit<CompletionContext, "initiator"> {
  /** The provider that reports the payment; undefined for a shopper's own request. */
  readonly paidBy?: PaymentReporter;
  /** The customer who is logged in. */
  readonly customerId?: string | undefined;
}

/** How long a request waits for another process that completes the same cart. */
const WAIT_TIMEOUT_MS = 8000;
/** How often a completion starts again because the cart changed while its provider was called. */
const MAX_FOLLOWS = 3;

/**
 * Completes carts in steps: acquire the lease, send the amount, authorize, place; or release the
 * payment. Each step is recorded before it is done, so the next caller resumes where the last one
 * was interrupted.
 */
export class CheckoutService {
  constructor(private readonly deps: CheckoutDeps) {}

  /**
   * Completes a cart, or returns what it has become.
   * @throws NotFoundError if the cart does not exist
   * @throws NotAllowedError if the payment session is missing, the provider refuses, or a discount
   * is used up
   * @throws InvalidDataError if the cart is empty or has no customer, or the payment is declined
   * @throws OutOfStockError
   * @throws ConflictError if the amount due has changed, or another process completes the cart
   * @throws PaidByAnotherProviderError
   * @throws ProviderError; a repeated request resumes the completion
   */
  complete(ctx: CompletionRequestContext, cartId: string): Promise<Completion> {
    return serializeByKey(cartKey(cartId), async () => {
      await this.deps.releaser.releaseSoon(cartId);
      const completeOrWait = async () => {
        const completion = await this.#run(ctx, cartId, "start");
        if (!completion) throw new BusyError(checkoutLeases.busyMessage);
        return completion;
      };
      return retryWhileBusy(completeOrWait, { until: Date.now() + WAIT_TIMEOUT_MS });
    });
  }

  /**
   * Finishes an interrupted completion without the shopper. A payment that cannot be resumed, or
   * whose completion is aborted, is released, and the cart is open again. Returns what the cart
   * became; undefined where it is open, or where nothing is to be resumed.
   * @throws ShopError if the cart is refused
   * @throws ProviderError; the next try may succeed
   */
  resume(
    now: Date,
    cartId: string,
    mode: Exclude<CompletionMode, "start">,
  ): Promise<Completion | undefined> {
    return serializeByKey(cartKey(cartId), () =>
      this.#run({ now, idempotency: undefined }, cartId, mode),
    );
  }

  /**
   * Releases what a provider holds for a cart that it does not pay, or that is refused; `refusal`
   * says why. A release that fails stays queued. Returns whether it held anything.
   * @throws ConflictError if another process completes the cart
   * @throws ProviderError
   */
  releaseOrphanedPayment(
    cartId: string,
    providerId: string,
    refusal: ReleaseReason["refusal"],
  ): Promise<boolean> {
    const { database, providers, releaser, events } = this.deps;
    return serializeByKey(cartKey(cartId), async () => {
      const orphaned = await findOrphanedPayment(database, providers, cartId, providerId);
      if (!orphaned) return false;
      const release = await runInTransaction(database, async (trx) => {
        const held = await queueOrphanedPayment(trx, orphaned);
        if (held) publishRelease(trx, events, held, { refusal, initiator: "payment_provider" });
        return held;
      });
      if (!release) throw new BusyError(checkoutLeases.busyMessage);
      await releaser.release(release).catch(() => undefined);
      return true;
    });
  }

  /** Goes through the steps once. Returns undefined where they must be started again. */
  async #run(
    ctx: CompletionRequestContext,
    cartId: string,
    mode: CompletionMode,
    follows = 0,
  ): Promise<Completion | undefined> {
    const { now, paidBy, customerId } = ctx;
    const next = await beginCompletion(this.deps, { cartId, now, mode, paidBy, customerId });
    if (next.step === "busy") return;
    if (next.step === "canceled") {
      if (next.release) await this.deps.releaser.release(next.release);
      return;
    }
    if (next.step === "placed") return showPlaced(this.deps, ctx, next.target, next.id);
    if (next.step === "unfollowed") {
      if (follows === MAX_FOLLOWS) return;
      // Nothing is charged before the provider knows what is due.
      const { isRenewed } = await this.deps.follower.follow(cartId, next.sessionId);
      return isRenewed
        ? showRenewed(this.deps, ctx, cartId)
        : this.#run(ctx, cartId, mode, follows + 1);
    }
    const initiator = mode !== "start" ? "recovery" : paidBy ? "payment_provider" : "shopper";
    return holdLeases(this.deps, checkoutLeases, [next.lease], () =>
      this.#payAndPlace({ ...ctx, initiator }, next),
    );
  }

  async #payAndPlace(ctx: CompletionContext, payStep: PayStep): Promise<Completion> {
    const result = await pay(this.deps, payStep);
    if (!result || result.status === "authorized")
      return placeCompletion(this.deps, ctx, payStep, result);
    if (result.status === "error" || result.status === "canceled")
      return declineCompletion(this.deps, ctx, payStep.lease, result);
    return recordRequiresMore(this.deps, ctx, payStep, result);
  }
}
