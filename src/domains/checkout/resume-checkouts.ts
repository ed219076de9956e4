import type { Knex } from "knex";
import { poll } from "../../concurrency/poll.ts";
import type { Log } from "../../runtime/log.ts";
import { MAX_TRIES } from "./checkout-lease.ts";
import type { CheckoutService } from "./checkout-service.ts";
import {
  findInterruptedCheckouts,
  type InterruptedCheckout,
  postpone,
} from "./interrupted-checkouts.ts";

const BATCH_SIZE = 50;
const POLL_INTERVAL_MS = 15_000;
/** In seconds: so long a shopper's own next try has the way free. */
const GRACE_SECONDS = 10;
/** The pauses between tries double from 15 seconds to an hour. */
const INITIAL_BACKOFF_SECONDS = 15;
const MAX_BACKOFF_SECONDS = 3600;

/**
 * Goes on, at the start and now and then, with carts whose completion was cut off: each becomes its
 * order, or its payment is given back. Any number of processes may do so. Gives the function that
 * stops it after what it is at.
 */
export function resumeCheckouts(
  knex: Knex,
  checkout: CheckoutService,
  log: Log,
): () => Promise<void> {
  const logFailure = (error: unknown) => log.warn({ err: error }, "Left carts wait");
  return poll(
    () => resumeCheckoutsOnce(knex, checkout, log, GRACE_SECONDS).catch(logFailure),
    POLL_INTERVAL_MS,
  );
}

/** One round over the carts that have been left for so many seconds. */
export async function resumeCheckoutsOnce(
  knex: Knex,
  checkout: CheckoutService,
  log: Log,
  seconds: number,
): Promise<void> {
  for (const interrupted of await findInterruptedCheckouts(knex, seconds, BATCH_SIZE))
    await resumeCheckout(knex, checkout, log, interrupted);
}

async function resumeCheckout(
  knex: Knex,
  checkout: CheckoutService,
  log: Log,
  interrupted: InterruptedCheckout,
): Promise<void> {
  const { cart_id: cart, provider_id: provider, tries } = interrupted;
  const aborts = tries >= MAX_TRIES;
  try {
    const completion = await checkout.resume(new Date(), cart, aborts ? "abort" : "resume");
    if (completion)
      log.info({ cart, type: completion.type }, "A completion that was cut off has been finished");
    else if (aborts)
      log.error(
        { cart, provider },
        "A completion could not be finished: its payment was given back, the cart is open",
      );
    else
      log.info(
        { cart, provider },
        "A completion that was cut off came to nothing: the cart is open, and holds no payment",
      );
  } catch (error) {
    const isPending = await postpone(
      knex,
      cart,
      Math.min(INITIAL_BACKOFF_SECONDS * 2 ** tries, MAX_BACKOFF_SECONDS),
    );
    if (!isPending)
      log.info(
        { cart, provider, err: error },
        "A completion that was cut off was refused: the cart is open, and holds no payment",
      );
    else if (aborts)
      log.error(
        { cart, provider, err: error },
        "A payment cannot be given back: it will be tried again",
      );
    else
      log.warn(
        { cart, provider, err: error },
        "A completion that was cut off could not be finished yet",
      );
  }
}
