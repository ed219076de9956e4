import { NotFound, Unauthorized } from "../../errors.ts";

/** Whom returns, swaps and edits of an order are open to: whoever knows the order's id, or its own customer, logged in. */
export type AfterSaleAccess = "anyone" | "owner";

/**
 * Refuses what is done to an order after the sale to those whom the shop does not let do it.
 * @throws Unauthorized nobody is logged in · NotFound it is somebody else's order
 */
export function mustBeOpenTo(
  access: AfterSaleAccess,
  order: { readonly id: string; readonly customer_id: string },
  customerId: string | undefined,
): void {
  if (access === "anyone") return;
  if (customerId === undefined) throw new Unauthorized();
  if (order.customer_id !== customerId) throw new NotFound(`Order with id: ${order.id} was not found`);
}
