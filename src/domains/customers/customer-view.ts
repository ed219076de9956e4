import type { Knex } from "knex";
import { NotFoundError } from "../../core/errors.ts";
import { customer } from "../../graph/entities/customer-entities.ts";
import type { Tree } from "../../graph/entity.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { type Shape, shapeOf, type TreeOfShape } from "../../graph/shape.ts";

const withoutRelations = shapeOf(customer, {});
type CustomerRow = TreeOfShape<typeof withoutRelations>;

/** The customer as the account's own endpoints show it. */
const profile = shapeOf(customer, { paths: ["shipping_addresses", "billing_address"] });

/**
 * Returns a customer's own columns.
 * @throws NotFoundError if the customer does not exist
 */
export function loadCustomer(connection: Knex, id: string): Promise<CustomerRow> {
  return load(connection, withoutRelations, id);
}

/**
 * Returns a customer with their addresses.
 * @throws NotFoundError if the customer does not exist
 */
export async function showCustomer(connection: Knex, id: string): Promise<{ customer: Tree }> {
  return { customer: await load(connection, profile, id) };
}

async function load<T>(connection: Knex, shape: Shape<T>, id: string): Promise<T> {
  const tree = await loadTree(connection, shape, id);
  if (!tree) throw new NotFoundError(`Customer with id: ${id} was not found`);
  return tree;
}
