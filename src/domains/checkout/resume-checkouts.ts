import type { Knex } from "knex";
import { ProviderError } from "../../providers/provider-error.ts";
import type { Log } from "../../runtime/log.ts";
import { isGivenUp } from "../payments/attempts/back-off.ts";
import { checkoutLeases } from "../payments/attempts/checkout-leases.ts";
import { type Interrupted, recordFailedTry } from "../payments/attempts/lease-queries.ts";
import {
  resumeInterrupted,
  resumeInterruptedOnce,
} from "../payments/attempts/resume-interrupted.ts";
import type { CheckoutService } from "./checkout-service.ts";
import type { Completion } from "./finish-completion.ts";

/**
 * Resumes interrupted checkouts in the background: each cart becomes its order, or its payment is
 * released. Returns the function that stops it after the current round.
 */
export function resumeCheckouts(
  database: Knex,
  checkout: CheckoutService,
  log: Log,
): () => Promise<void> {
  return resumeInterrupted(database, checkoutLeases, log, (interrupted) =>
    resumeCheckout(database, checkout, log, interrupted),
  );
}

/** Runs one round over the checkouts that were interrupted at least `graceSeconds` ago. */
export function resumeCheckoutsOnce(
  database: Knex,
  checkout: CheckoutService,
  log: Log,
  graceSeconds: number,
): Promise<void> {
  return resumeInterruptedOnce(database, checkoutLeases, graceSeconds, (interrupted) =>
    resumeCheckout(database, checkout, log, interrupted),
  );
}

async function resumeCheckout(
  database: Knex,
  checkout: CheckoutService,
  log: Log,
  interrupted: Interrupted,
): Promise<void> {
  const { id: cart, provider_id: provider } = interrupted;
  const mode = isGivenUp(interrupted) ? "abort" : "resume";
  const about = { cart, provider };
  try {
    logCompletion(log, about, mode, await checkout.resume(new Date(), cart, mode));
  } catch (error) {
    const isPending = await recordFailedTry(database, checkoutLeases, cart);
    logFailure(log, { ...about, err: error }, mode, isPending || error instanceof ProviderError);
  }
}

type Mode = "resume" | "abort";

function logCompletion(
  log: Log,
  about: { readonly cart: string; readonly provider: string | null },
  mode: Mode,
  completion: Completion | undefined,
): void {
  if (completion)
    log.info(
      { event: "checkout_resumed", cart: about.cart, type: completion.type },
      "An interrupted checkout was finished",
    );
  else if (mode === "abort")
    log.error(
      { event: "checkout_aborted", ...about },
      "A checkout could not be finished: its payment was released and its cart is open",
    );
  else
    log.info(
      { event: "checkout_released", ...about },
      "An interrupted checkout was cancelled: its cart is open and holds no payment",
    );
}

function logFailure(log: Log, about: object, mode: Mode, isPending: boolean): void {
  if (!isPending)
    log.info(
      { event: "checkout_refused", ...about },
      "An interrupted checkout was refused: its cart is open and holds no payment",
    );
  else if (mode === "abort")
    log.error(
      { event: "checkout_abort_failed", ...about },
      "The payment of an aborted checkout could not be released; it will be retried",
    );
  else
    log.warn(
      { event: "checkout_resume_failed", ...about },
      "An interrupted checkout could not be finished; it will be retried",
    );
}
