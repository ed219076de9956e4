import { NotAllowedError } from "../../core/errors.ts";

/**
 * Where an order edit stands: `created` until the shop asks its customer, who then confirms or
 * declines it; the shop may cancel it before.
 */
export type OrderEditStatus = "created" | "requested" | "confirmed" | "declined" | "canceled";

/**
 * What an edit costs more has to be set aside before it is confirmed, and before its payments
 * become the order's; an edit that nobody was asked about has other reasons not to be.
 * @throws NotAllowed
 */
export function mustBePaid(status: OrderEditStatus, collectionStatus: string | null): void {
  if (collectionStatus === null || (status !== "requested" && status !== "confirmed")) return;
  if (collectionStatus !== "authorized")
    throw new NotAllowedError("Unable to complete an order edit if the payment is not authorized");
}

/** @throws NotAllowed its customer was not asked, or has decided already, or it was canceled */
export function mustBeRequested(status: OrderEditStatus, verb: "complete" | "decline"): void {
  const end = verb === "decline" ? "." : "";
  if (status !== "requested")
    throw new NotAllowedError(`Cannot ${verb} an order edit with status ${status}${end}`);
}
