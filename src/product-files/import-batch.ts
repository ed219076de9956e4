import type { Knex } from "knex";
import { inTransaction, type Transaction } from "../database/transaction.ts";
import { lockImport, lockProducts } from "./lock-products.ts";
import type { ShopState } from "./plan-draft.ts";
import { type Plan, planProduct } from "./plan-product.ts";
import type { uniqueNumbers } from "./product-fields.ts";
import type { ProductInput, Refusal } from "./product-input.ts";
import { loadReferences, type NewReference, References } from "./references.ts";
import { loadOwners, loadProducts } from "./stored-products.ts";
import { Writes } from "./writes.ts";

/** What became of the products of a batch. */
export interface BatchResult {
  readonly plans: readonly Plan[];
  readonly refusals: readonly Refusal[];
  /** The rows that the products refer to and that the shop did not have. */
  readonly references: readonly NewReference[];
}

/** Returns what would be written for the products, without writing it. */
export async function planBatch(
  connection: Knex,
  inputs: readonly ProductInput[],
): Promise<BatchResult> {
  return (await planAll(connection, inputs)).result;
}

/**
 * Writes the products in one transaction. Those that are refused are left out.
 * @throws BusyError if another program changes one of them
 */
export function writeBatch(knex: Knex, inputs: readonly ProductInput[]): Promise<BatchResult> {
  return inTransaction(knex, async (trx) => {
    await lockImport(trx);
    const first = await planAll(trx, inputs);
    const { result } = await lockedPlan(trx, inputs, first);
    const writes = new Writes();
    writes.addAll(result.plans.map((plan) => plan.writes));
    writes.send(trx, result.references);
    return result;
  });
}

interface Planned {
  readonly state: ShopState;
  readonly result: BatchResult;
}

/** Plans once more behind the locks, if a product of the shop is to be changed. */
async function lockedPlan(
  trx: Transaction,
  inputs: readonly ProductInput[],
  planned: Planned,
): Promise<Planned> {
  const { plans } = planned.result;
  const changed = new Set(
    plans.filter(({ effect }) => effect === "changed").map(({ productId }) => productId),
  );
  if (changed.size === 0) return planned;
  await lockProducts(
    trx,
    planned.state.products.filter(({ id }) => changed.has(id)),
  );
  return planAll(trx, inputs);
}

async function planAll(connection: Knex, inputs: readonly ProductInput[]): Promise<Planned> {
  const [products, owners, known] = await Promise.all([
    loadProducts(connection, {
      ids: inputs.flatMap(({ id }) => id ?? []),
      handles: inputs.map(({ handle }) => handle),
    }),
    loadOwners(connection, ownersOf(inputs)),
    loadReferences(connection, inputs),
  ]);
  const state = { products, owners, references: new References(known) };
  const results = inputs.map((input) => planProduct(input, state));
  const plans = results.flatMap((each) => ("refusals" in each ? [] : [each]));
  const used = new Set(plans.flatMap((plan) => [...plan.used]));
  const refusals = results.flatMap((each) => ("refusals" in each ? each.refusals : []));
  return { state, result: { plans, refusals, references: state.references.staged(used) } };
}

function ownersOf(inputs: readonly ProductInput[]): Parameters<typeof loadOwners>[1] {
  const variants = inputs.flatMap((input) => input.variants);
  const numbers = (column: keyof typeof uniqueNumbers) =>
    variants.map(({ fields }) => fields[column]).filter((each) => typeof each === "string");
  return {
    ids: variants.flatMap(({ id }) => id ?? []),
    sku: numbers("sku"),
    barcode: numbers("barcode"),
    ean: numbers("ean"),
    upc: numbers("upc"),
  };
}
