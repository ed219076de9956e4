import { InvalidDataError, NotAllowedError } from "../../core/errors.ts";

interface Order {
  readonly payment_status: string;
  readonly fulfillment_status: string;
}

/**
 * An order can be swapped once it is captured and fulfilled.
 * @throws NotAllowedError
 */
export function mustBeSwappable({ payment_status, fulfillment_status }: Order): void {
  if (payment_status !== "captured")
    throw new NotAllowedError("Cannot swap an order that has not been captured");
  if (fulfillment_status === "not_fulfilled")
    throw new NotAllowedError("Cannot swap an order that has not been fulfilled");
}

/**
 * Gift cards cannot pay for a swap: what a gift card pays is recorded with an order, and a swap
 * creates none.
 * @throws NotAllowedError
 */
export function mustBePaidByMoney(cart: { readonly gift_cards: readonly unknown[] }): void {
  if (cart.gift_cards.length > 0) throw new NotAllowedError("Gift cards cannot pay for a swap");
}

interface Swap {
  readonly canceled_at: string | null;
  readonly return_status: string;
}

/**
 * Neither the swap nor its return was canceled.
 * @throws NotAllowedError
 */
export function mustBeConfirmable({ canceled_at, return_status }: Swap): void {
  if (canceled_at) throw new NotAllowedError("Cart related to canceled swap cannot be completed");
  if (return_status === "canceled")
    throw new NotAllowedError("The return of the swap was canceled");
}

/**
 * No returned line was canceled.
 * @throws InvalidDataError
 */
export function mustNotBeCanceled(lines: readonly { readonly canceled: boolean }[]): void {
  if (lines.some(({ canceled }) => canceled))
    throw new InvalidDataError("Cannot create a swap on a canceled item.");
}
