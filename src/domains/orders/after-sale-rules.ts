import { NotFoundError, UnauthorizedError } from "../../core/errors.ts";

/**
 * Who may return, swap or edit an order: anyone who knows the order's id, or only its own customer,
 * logged in.
 */
export type AfterSaleAccess = "anyone" | "owner";

/**
 * Refuses an after-sale request by a client whom the shop does not allow it. `resource` names what
 * the client requested, if not the order by its id.
 * @throws UnauthorizedError if no customer is logged in
 * @throws NotFoundError if the order belongs to another customer
 */
export function mustBeOpenTo(
  access: AfterSaleAccess,
  order: { readonly id: string; readonly customer_id: string },
  customerId: string | undefined,
  resource = `Order with id: ${order.id}`,
): void {
  if (access === "anyone") return;
  if (customerId === undefined) throw new UnauthorizedError();
  if (order.customer_id !== customerId) throw new NotFoundError(`${resource} was not found`);
}
