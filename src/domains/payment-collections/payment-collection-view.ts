import type { Knex } from "knex";
import { NotFoundError } from "../../core/errors.ts";
import { paymentCollection } from "../../graph/entities/payment-entities.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { type Shape, shapeOf, type TreeOfShape } from "../../graph/shape.ts";
import { shapeFor } from "../../graph/shape-for.ts";
import { select, type ViewQuery, view, withoutRelations } from "../../graph/view.ts";

/** What may be shown of a payment collection. */
export const paymentCollectionView = view(paymentCollection, {
  fields: {
    default: ["id", "type", "status", "description", "amount", "currency_code", "metadata"],
  },
  relations: { default: ["region", "payment_sessions"] },
});

/** The shape that setting sessions returns. */
export const withProviders = shapeOf(paymentCollection, {
  paths: ["region.payment_providers", "payment_sessions"],
});
/** The shape that authorizing sessions returns. */
export const withPayments = shapeOf(paymentCollection, { paths: ["payment_sessions", "payments"] });
export type CollectionWithPayments = TreeOfShape<typeof withPayments>;

/**
 * Returns the shape that a client asks for.
 * @throws InvalidDataError if fields or relations are not allowed
 */
export function asRequested(asked: ViewQuery): Shape {
  const selection = select(paymentCollectionView, withoutRelations(paymentCollection, asked), [
    "id",
  ]);
  return shapeFor(selection);
}

/**
 * Loads a payment collection.
 * @throws NotFoundError
 */
export async function showCollection<T>(
  connection: Knex,
  shape: Shape<T>,
  id: string,
  viewerId?: string,
): Promise<T> {
  const tree = await loadTree(connection, shape, id, viewerId);
  if (!tree) throw new NotFoundError(`Payment collection with id ${id} was not found`);
  return tree;
}
