import { NotAllowedError } from "../../core/errors.ts";
import type { OrderEditStatus } from "../payment-collections/order-edit-status.ts";

/**
 * Requires an edit's payment collection to be authorized before the edit is confirmed and its
 * payments become the order's. Edits in another status are refused for that status instead.
 * @throws NotAllowedError if the payment collection is not authorized
 */
export function mustBePaid(status: OrderEditStatus, collectionStatus: string | null): void {
  if (collectionStatus === null || (status !== "requested" && status !== "confirmed")) return;
  if (collectionStatus !== "authorized")
    throw new NotAllowedError("Unable to complete an order edit if the payment is not authorized");
}

/**
 * Requires an edit that waits for the customer's decision.
 * @throws NotAllowedError if the edit is not requested, or is confirmed, declined or canceled
 * already
 */
export function mustBeRequested(status: OrderEditStatus, verb: "complete" | "decline"): void {
  const end = verb === "decline" ? "." : "";
  if (status !== "requested")
    throw new NotAllowedError(`Cannot ${verb} an order edit with status ${status}${end}`);
}

/**
 * Requires the order of an edit not to be canceled.
 * @throws NotAllowedError
 */
export function mustHaveOpenOrder(orderStatus: string): void {
  if (orderStatus === "canceled")
    throw new NotAllowedError("Cannot complete an edit of an order that is canceled");
}

/**
 * Requires what an edit costs more to be authorized. Its payment collection can be for less:
 * another edit may have changed the order since, or the shop may have set another amount.
 * `authorized` is null if the edit has no payment collection. Amounts are in the smallest unit.
 * @throws NotAllowedError
 */
export function mustCover(authorized: number | null, due: number): void {
  if (due <= (authorized ?? 0)) return;
  throw new NotAllowedError(
    authorized === null
      ? "Unable to complete an order edit that costs more and has no payment collection"
      : `Unable to complete an order edit that costs ${due} more: ${authorized} is authorized`,
  );
}
