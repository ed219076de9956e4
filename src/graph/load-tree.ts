import type { Knex } from "knex";
import { LRUCache } from "lru-cache";
import {
  type PreparedText,
  prepareText,
  queryPrepared,
  queryUnprepared,
} from "../database/query-prepared.ts";
import {
  type AnswerBounds,
  answerBoundsOf,
  mustBeWithinBudget,
  tooLarge,
  tooManyRows,
} from "./answer-bounds.ts";
import { hideOtherCustomers } from "./audience.ts";
import { type CompiledTree, compileTree } from "./compile-tree.ts";
import { type Shape, shapeKey } from "./shape.ts";

interface CompiledStatement {
  readonly tree: CompiledTree;
  /** A client's shape is never prepared: each would stay in the memory of every connection. */
  readonly text: PreparedText | string;
}

/** The statements that stay compiled have at most this many characters together. */
const MAX_TEXT = 2_000_000;

/** Clients can request any number of shapes; only so many stay compiled. */
const compiled = new LRUCache<string, CompiledStatement>({
  max: 500,
  maxSize: MAX_TEXT,
  sizeCalculation: ({ tree }) => tree.text.length,
});
const keys = new WeakMap<Shape<unknown>, string>();

/**
 * Loads the trees of a shape below the given root ids, in the order of the ids; an id without a row
 * is skipped. Any shape is one statement, and so one consistent snapshot. Where a client chose the
 * shape, customers other than `viewerId` are reduced to what anyone may see.
 * @throws InvalidDataError where a client names too many relations, or what it requests would be
 * too large
 * @throws NotFoundError where a row that the shape requires is missing
 */
export async function loadTrees<T>(
  connection: Knex,
  shape: Shape<T>,
  ids: readonly string[],
  viewerId?: string,
): Promise<T[]> {
  const bounds = answerBoundsOf(connection);
  if (shape.answers?.request) mustBeWithinBudget(shape.answers.request, bounds);
  if (ids.length === 0) return [];
  const { tree, text } = compiledFor(shape);
  const lists = await loadLists(connection, text, ids, bounds);
  const found = tree.stitch(lists);
  if (isRequested(shape, ids)) mustFit(found, bounds);
  const trees = ids
    .map((id) => found.trees.get(id) as T | undefined)
    .filter((root) => root !== undefined);
  hideOtherCustomers(shape, trees, viewerId);
  return trees;
}

/**
 * Loads the tree of a shape below one root id, or undefined, in the same way.
 * @throws InvalidDataError where a client names too many relations, or what it requests would be
 * too large
 * @throws NotFoundError where a row that the shape requires is missing
 */
export async function loadTree<T>(
  connection: Knex,
  shape: Shape<T>,
  id: string,
  viewerId?: string,
): Promise<T | undefined> {
  const [tree] = await loadTrees(connection, shape, [id], viewerId);
  return tree;
}

type Lists = Readonly<Record<string, readonly unknown[][] | null>>;

/** @throws InvalidDataError where a client's shape has too many rows */
async function loadLists(
  connection: Knex,
  text: PreparedText | string,
  ids: readonly string[],
  bounds: AnswerBounds,
): Promise<Lists> {
  if (typeof text !== "string") {
    const [row] = await queryPrepared<Lists>(connection, text, [ids]);
    return row ?? {};
  }
  const [row] = await queryUnprepared<Lists & { readonly is_too_large: boolean }>(
    connection,
    text,
    [ids, bounds.rows],
  );
  if (row?.is_too_large) throw tooManyRows(bounds);
  return row ?? {};
}

/**
 * Returns whether the size of the trees depends on the request. One tree of a view's own shape is
 * as large as its cart or order, which have bounds of their own; it is never refused, since it may
 * answer a write.
 */
function isRequested({ answers }: Shape<unknown>, ids: readonly string[]): boolean {
  return answers !== undefined && (answers.request !== undefined || ids.length > 1);
}

function mustFit({ sizes }: ReturnType<CompiledTree["stitch"]>, bounds: AnswerBounds): void {
  if (sizes.reduce((sum, size) => sum + size, 0) > bounds.bytes) throw tooLarge(bounds);
}

function compiledFor(shape: Shape<unknown>): CompiledStatement {
  const isClients = shape.answers?.request !== undefined;
  const key = keys.get(shape) ?? `${shapeKey(shape)}${isClients ? "?" : ""}`;
  keys.set(shape, key);
  const known = compiled.get(key);
  if (known) return known;
  const tree = compileTree(shape, { isCounted: isClients });
  const statement = { tree, text: isClients ? tree.text : prepareText(tree.text) };
  compiled.set(key, statement);
  return statement;
}
