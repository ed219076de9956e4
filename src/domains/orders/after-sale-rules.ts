import { InvalidDataError, NotFoundError, UnauthorizedError } from "../../core/errors.ts";

/**
 * Whom returns, swaps and edits of an order are open to: whoever knows the order's id, or its own
 * customer, logged in.
 */
export type AfterSaleAccess = "anyone" | "owner";

/**
 * Refuses what is done to an order after the sale to those whom the shop does not let do it.
 * `asked` is what they asked for, where it was not the order by its id.
 * @throws Unauthorized nobody is logged in · NotFound it is somebody else's order
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

/**
 * What an order was edited to, paid with or sent back may be followed to the order and the
 * customer; not on to what else that customer has.
 * @throws InvalidData naming the relations that lead there
 */
export function mustStayWithOrder(relations: Iterable<string>): void {
  const personal = [...relations].filter((path) => /(^|\.)(customer\.|orders(\.|$))/.test(path));
  if (personal.length > 0)
    throw new InvalidDataError(`Requested fields [${personal.join(", ")}] are not valid`);
}
