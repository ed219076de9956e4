import type { Knex } from "knex";
import { inTransaction, type Transaction } from "../database/transaction.ts";
import { isLocked, lockImport, lockProducts } from "./lock-products.ts";
import type { ShopState } from "./plan-draft.ts";
import { type Plan, planProduct } from "./plan-product.ts";
import type { uniqueNumbers } from "./product-fields.ts";
import type { ProductInput, Refusal } from "./product-input.ts";
import { loadReferences, type NewReference, References } from "./references.ts";
import { loadOwners, loadProducts, type StoredProduct } from "./stored-products.ts";
import { Writes } from "./writes.ts";

/** What became of the products of a batch. */
export interface BatchResult {
  readonly plans: readonly Plan[];
  readonly refusals: readonly Refusal[];
  /** The rows that the products refer to and that the shop did not have. */
  readonly references: readonly NewReference[];
  /** Those that another program changes at this moment; nothing of them is written. */
  readonly busy: readonly ProductInput[];
}

/** Returns what would be written for the products, without writing it. */
export async function planBatch(
  connection: Knex,
  inputs: readonly ProductInput[],
): Promise<BatchResult> {
  return resultOf(await planAll(connection, inputs), []);
}

/** Writes the products in one transaction. Those that are refused or busy are left out. */
export function writeBatch(knex: Knex, inputs: readonly ProductInput[]): Promise<BatchResult> {
  return inTransaction(knex, async (trx) => {
    await lockImport(trx);
    const result = await lockedPlan(trx, inputs, await planAll(trx, inputs));
    const writes = new Writes();
    writes.addAll(result.plans.map((plan) => plan.writes));
    writes.send(trx, result.references);
    return result;
  });
}

interface Planned {
  readonly state: ShopState;
  readonly plans: readonly Plan[];
  readonly refusals: readonly Refusal[];
}

/**
 * Plans once more behind the locks, if a product of the shop is to be changed: what is written was
 * read while nobody else could change it.
 */
async function lockedPlan(
  trx: Transaction,
  inputs: readonly ProductInput[],
  first: Planned,
): Promise<BatchResult> {
  const changing = changedBy(first);
  if (changing.length === 0) return resultOf(first, []);
  const locked = await lockProducts(trx, changing);
  const held = busyOf(first, locked);
  const free = inputs.filter((input) => !held.includes(input));
  const second = await planAll(trx, free);
  return resultOf(second, [...held, ...busyOf(second, locked)]);
}

function changedBy({ state, plans }: Planned): StoredProduct[] {
  const ids = new Set(
    plans.filter(({ effect }) => effect === "changed").map(({ productId }) => productId),
  );
  return state.products.filter(({ id }) => ids.has(id));
}

function busyOf(planned: Planned, locked: ReadonlySet<string>): ProductInput[] {
  const busy = changedBy(planned).filter((product) => !isLocked(product, locked));
  const ids = new Set(busy.map(({ id }) => id));
  return planned.plans.filter(({ productId }) => ids.has(productId)).map(({ input }) => input);
}

function resultOf(
  { state, plans: all, refusals }: Planned,
  busy: readonly ProductInput[],
): BatchResult {
  const plans = all.filter(({ input }) => !busy.includes(input));
  const used = new Set(plans.flatMap((plan) => [...plan.used]));
  return { plans, refusals, references: state.references.staged(used), busy };
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
  const refusals = results.flatMap((each) => ("refusals" in each ? each.refusals : []));
  return { state, plans, refusals };
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
