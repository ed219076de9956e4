import { InvalidData, NotAllowed } from "../../errors.ts";

interface Order {
  readonly payment_status: string;
  readonly fulfillment_status: string;
}

/**
 * What was paid for and sent can be swapped.
 * @throws NotAllowed
 */
export function mustBeSwappable({ payment_status, fulfillment_status }: Order): void {
  if (payment_status !== "captured") throw new NotAllowed("Cannot swap an order that has not been captured");
  if (fulfillment_status === "not_fulfilled") throw new NotAllowed("Cannot swap an order that has not been fulfilled");
}

/** @throws InvalidData a line that comes back was canceled */
export function mustNotBeCanceled(lines: readonly { readonly canceled: boolean }[]): void {
  if (lines.some(({ canceled }) => canceled)) throw new InvalidData("Cannot create a swap on a canceled item.");
}
