import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { ShopError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { CheckoutService } from "./checkout-service.ts";
import { findLeftCarts, forgetIdleClaim } from "./claims.ts";

const AT_ONCE = 50;
const PAUSE = 15_000;

/**
 * Goes on, at the start and now and then, with carts whose completion was cut off: each becomes its order, or its payment is given back. Any number of processes
 * may do so. Gives the function that stops it after what it is at.
 */
export function finishLeftCarts(knex: Knex, checkout: CheckoutService, log: Log): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async () => {
    while (!signal.aborted) {
      await finishOnce(knex, checkout, log, 10).catch((error: unknown) => log.warn({ err: error }, "Left carts wait"));
      await sleep(PAUSE, undefined, { signal }).catch(() => undefined);
    }
  };
  const done = run();
  return async () => {
    stopping.abort();
    await done;
  };
}

/** One round over the carts that have been left for so many seconds. */
export async function finishOnce(knex: Knex, checkout: CheckoutService, log: Log, seconds: number): Promise<void> {
  for (const cartId of await findLeftCarts(knex, seconds, AT_ONCE)) {
    try {
      const { type } = await checkout.complete({ now: new Date(), idempotency: undefined }, cartId);
      log.info({ cart: cartId, type }, "A completion that was cut off has been finished");
    } catch (error) {
      if (error instanceof ShopError) await forgetIdleClaim(knex, cartId);
      log.warn({ cart: cartId, err: error }, "A completion that was cut off could not be finished");
    }
  }
}
