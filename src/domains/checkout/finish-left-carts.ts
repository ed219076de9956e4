import type { Knex } from "knex";
import type { Log } from "../../log.ts";
import { repeat } from "../../repeat.ts";
import type { CheckoutService } from "./checkout-service.ts";
import { MOST_TRIES } from "./claims.ts";
import { findLeftCarts, type LeftCart, postpone } from "./left-carts.ts";

const AT_ONCE = 50;
const PAUSE = 15_000;
/** In seconds: so long a shopper's own next try has the way free. */
const LEFT_FOR = 10;
/** The pauses between tries double from 15 seconds to an hour. */
const FIRST_PAUSE = 15;
const LONGEST_PAUSE = 3600;

/**
 * Goes on, at the start and now and then, with carts whose completion was cut off: each becomes its order, or its payment is given back. Any number of processes
 * may do so. Gives the function that stops it after what it is at.
 */
export function finishLeftCarts(knex: Knex, checkout: CheckoutService, log: Log): () => Promise<void> {
  const wait = (error: unknown) => log.warn({ err: error }, "Left carts wait");
  return repeat(() => finishOnce(knex, checkout, log, LEFT_FOR).catch(wait), PAUSE);
}

/** One round over the carts that have been left for so many seconds. */
export async function finishOnce(knex: Knex, checkout: CheckoutService, log: Log, seconds: number): Promise<void> {
  for (const left of await findLeftCarts(knex, seconds, AT_ONCE)) await finish(knex, checkout, log, left);
}

async function finish(knex: Knex, checkout: CheckoutService, log: Log, left: LeftCart): Promise<void> {
  const { cart_id: cart, provider_id: provider, tries } = left;
  const givesUp = tries >= MOST_TRIES;
  try {
    const became = await checkout.finish(new Date(), cart, givesUp ? "sweep that gives up" : "sweep");
    if (became) log.info({ cart, type: became.type }, "A completion that was cut off has been finished");
    else if (givesUp)
      log.error({ cart, provider }, "A completion could not be finished: its payment was given back, the cart is open");
    else log.info({ cart, provider }, "A completion that was cut off came to nothing: the cart is open, and holds no payment");
  } catch (error) {
    const waits = await postpone(knex, cart, Math.min(FIRST_PAUSE * 2 ** tries, LONGEST_PAUSE));
    if (!waits)
      log.info(
        { cart, provider, err: error },
        "A completion that was cut off was refused: the cart is open, and holds no payment",
      );
    else if (givesUp) log.error({ cart, provider, err: error }, "A payment cannot be given back: it will be tried again");
    else log.warn({ cart, provider, err: error }, "A completion that was cut off could not be finished yet");
  }
}
