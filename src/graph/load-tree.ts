import type { Knex } from "knex";
import { LRUCache } from "lru-cache";
import { type PreparedText, prepareText, queryPrepared } from "../database/query-prepared.ts";
import { type CompiledTree, compileTree } from "./compile-tree.ts";
import type { Tree } from "./entity.ts";
import { type Shape, shapeKey } from "./shape.ts";

interface CompiledStatement {
  readonly tree: CompiledTree;
  readonly text: PreparedText;
}

/** A client can ask for many shapes; only so many are kept compiled. */
const compiled = new LRUCache<string, CompiledStatement>({ max: 500 });
const keys = new WeakMap<Shape, string>();

/**
 * The trees of a shape that hang on the given root ids, in their order; ids that have no row are
 * left out. One statement whatever the shape, and so one consistent snapshot.
 */
export async function loadTrees(
  connection: Knex,
  shape: Shape,
  ids: readonly string[],
): Promise<Tree[]> {
  if (ids.length === 0) return [];
  const { tree, text } = compiledFor(shape);
  const [row] = await queryPrepared<Record<string, unknown[][] | null>>(connection, text, [ids]);
  const found = tree.stitch(row ?? {});
  return ids.map((id) => found.get(id)).filter((root) => root !== undefined);
}

/** The tree of a shape that hangs on one root id, or undefined. */
export async function loadTree(
  connection: Knex,
  shape: Shape,
  id: string,
): Promise<Tree | undefined> {
  const [tree] = await loadTrees(connection, shape, [id]);
  return tree;
}

function compiledFor(shape: Shape): CompiledStatement {
  const key = keys.get(shape) ?? shapeKey(shape);
  keys.set(shape, key);
  const known = compiled.get(key);
  if (known) return known;
  const tree = compileTree(shape);
  const statement = { tree, text: prepareText(tree.text) };
  compiled.set(key, statement);
  return statement;
}
