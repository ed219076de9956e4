import type { Transaction } from "../../commands/transaction.ts";
import { deferError } from "../../database/send-together.ts";
import { type CartOption, findCartOption } from "../shipping-options/cart-option-queries.ts";
import { cancelCheckout, lockCartForChange } from "./cart-lock.ts";
import { type CartWithVariants, loadCartWithVariants } from "./load-cart-with-variants.ts";

/** A cart whose row is locked. */
export interface LockedCart extends CartWithVariants {
  /** The shipping option that was asked for, if it exists. */
  readonly option: CartOption | undefined;
}

/** What a change needs in addition to the cart. */
export interface AlsoLoaded {
  /** Variants in addition to those of the cart's lines. */
  readonly variantIds?: readonly string[];
  readonly optionId?: string | undefined;
}

/**
 * Locks a cart for a change until the transaction ends, and loads its whole tree, the variants of
 * its lines and of `variantIds` with their prices, and a shipping option. All of it is one round
 * trip: each statement sees what is committed when it begins, which is after the lock.
 * @throws NotFoundError if the cart does not exist
 * @throws CartBusyError if the cart is being completed
 */
export async function loadCartForUpdate(
  trx: Transaction,
  id: string,
  { variantIds = [], optionId }: AlsoLoaded = {},
): Promise<LockedCart> {
  const [hasCheckout, loaded, option] = await Promise.all([
    lockCartForChange(trx, id),
    deferError(loadCartWithVariants(trx, id, variantIds)),
    optionId === undefined ? undefined : findCartOption(trx, optionId),
  ]);
  if (hasCheckout) await cancelCheckout(trx, id);
  const found = hasCheckout ? await loadCartWithVariants(trx, id, variantIds) : loaded();
  return { ...found, option };
}
