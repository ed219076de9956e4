import type { Knex } from "knex";
import { NotFoundError } from "../../core/errors.ts";
import { customer } from "../../graph/entities/customer-entities.ts";
import type { Tree } from "../../graph/entity.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { shapeOf } from "../../graph/shape.ts";

const loggedIn = shapeOf(customer, { paths: ["orders.items", "shipping_addresses"] });

/**
 * Returns a customer with addresses, orders and their lines, as a login answers.
 * @throws NotFoundError if the customer does not exist
 */
export async function showLoggedIn(connection: Knex, id: string): Promise<{ customer: Tree }> {
  const tree = await loadTree(connection, loggedIn, id);
  if (!tree) throw new NotFoundError(`Customer with id: ${id} was not found`);
  return { customer: tree };
}
