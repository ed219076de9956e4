import { NotAllowedError } from "../../core/errors.ts";

/**
 * The status of an order edit: `created` until the shop requests the customer's consent
 * (`requested`). The customer then confirms or declines it; the shop may cancel it before that.
 */
export type OrderEditStatus = "created" | "requested" | "confirmed" | "declined" | "canceled";

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
