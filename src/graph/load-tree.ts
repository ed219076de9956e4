import type { Knex } from "knex";
import { LRUCache } from "lru-cache";
import { type PreparedText, prepareText, queryPrepared } from "../database/query-prepared.ts";
import { type CompiledTree, compileTree } from "./compile-tree.ts";
import { type Shape, shapeKey } from "./shape.ts";

interface CompiledStatement {
  readonly tree: CompiledTree;
  readonly text: PreparedText;
}

/** Clients can request any number of shapes; only this many stay compiled. */
const compiled = new LRUCache<string, CompiledStatement>({ max: 500 });
const keys = new WeakMap<Shape<unknown>, string>();

/**
 * Loads the trees of a shape below the given root ids, in the order of the ids; an id without a row
 * is skipped. Any shape is one statement, and so one consistent snapshot.
 * @throws Error where a row that the shape requires is missing
 */
export async function loadTrees<T>(
  connection: Knex,
  shape: Shape<T>,
  ids: readonly string[],
): Promise<T[]> {
  if (ids.length === 0) return [];
  const { tree, text } = compiledFor(shape);
  const [row] = await queryPrepared<Record<string, unknown[][] | null>>(connection, text, [ids]);
  const found = tree.stitch(row ?? {}) as Map<string, T>;
  return ids.map((id) => found.get(id)).filter((root) => root !== undefined);
}

/**
 * Loads the tree of a shape below one root id, or undefined.
 * @throws Error where a row that the shape requires is missing
 */
export async function loadTree<T>(
  connection: Knex,
  shape: Shape<T>,
  id: string,
): Promise<T | undefined> {
  const [tree] = await loadTrees(connection, shape, [id]);
  return tree;
}

function compiledFor(shape: Shape<unknown>): CompiledStatement {
  const key = keys.get(shape) ?? shapeKey(shape);
  keys.set(shape, key);
  const known = compiled.get(key);
  if (known) return known;
  const tree = compileTree(shape);
  const statement = { tree, text: prepareText(tree.text) };
  compiled.set(key, statement);
  return statement;
}
