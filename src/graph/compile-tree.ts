import { NotFoundError } from "../core/errors.ts";
import { rowSizer } from "./answer-size.ts";
import { type ColumnType, type Entity, HIDDEN, type Tree } from "./entity.ts";
import { isoTime } from "./iso-time.ts";
import type { Shape } from "./shape.ts";
import {
  countedText,
  flatten,
  isSingle,
  keyOfParent,
  type Node,
  plainText,
} from "./tree-statement.ts";

/**
 * A shape compiled to one flat statement. Each relation is one column of its result: a JSON list of
 * that relation's rows, so that the database prints no row twice. Rows are found from the root ids
 * (`$1`, or the page that was read last), level by level. The keys of a level are collected once
 * for all relations below it, so
 * that no plan scans a level again for each row of the next, even where the planner lacks
 * statistics. `stitch` links the rows into trees.
 */
export interface CompiledTree {
  readonly text: string;
  /**
   * Returns the trees found, by root id, and the size of each as JSON, in bytes. A row that several
   * parents share is one object, and counts for each of them.
   * @throws NotFoundError where a row that the shape requires is missing
   */
  readonly stitch: (lists: Readonly<Record<string, readonly unknown[][] | null>>) => {
    readonly trees: Map<string, Tree>;
    readonly sizes: readonly number[];
  };
}

/**
 * Compiles a shape. This takes some tens of microseconds, so callers keep the result. Where it
 * `isCounted`, the statement returns `is_too_large` instead of lists if there are more rows than
 * its second parameter. `roots` selects the array of the root ids, if they are not given.
 */
export function compileTree(
  shape: Shape<unknown>,
  { isCounted = false, roots }: { readonly isCounted?: boolean; readonly roots?: string } = {},
): CompiledTree {
  const nodes = flatten(shape);
  const text = isCounted ? countedText(nodes) : plainText(nodes, roots);
  const builders = nodes.map(builder);
  const linkers = nodes.map(linker);
  return {
    text,
    stitch: (lists) => {
      const loaded = new Map(
        nodes.map((node, index) => [node, builders[index]?.(lists[node.label] ?? []) ?? NONE]),
      );
      // Children first: the size of a row includes what is linked below it.
      for (const [index, node] of [...nodes.entries()].reverse())
        if (node.parent)
          linkers[index]?.(loaded.get(node.parent) ?? NONE, loaded.get(node) ?? NONE);
      for (const [{ shape }, { trees }] of loaded) addDerived(trees, shape.entity);
      const root = nodes[0] && loaded.get(nodes[0]);
      const id = nodes[0]?.fetched.indexOf("id") ?? 0;
      const trees = new Map(
        root?.rows.map((row, index) => [row[id] as string, root.trees[index] as Tree]),
      );
      return { trees, sizes: root?.sizes ?? [] };
    },
  };
}

/** The rows of a node as they were fetched, and the objects made of them. */
interface Loaded {
  readonly rows: readonly unknown[][];
  readonly trees: readonly Tree[];
  /** The size of each object as JSON, in bytes, with what is linked below it so far. */
  readonly sizes: number[];
}

const NONE: Loaded = { rows: [], trees: [], sizes: [] };

type Builder = (rows: readonly unknown[][]) => Loaded;

/** Returns the function that makes objects of a node's rows. */
function builder(node: Node): Builder {
  const skip = node.relation?.kind === "through" ? 1 : 0;
  const { columns, hiddenColumns, hiddenRelations, entity } = node.shape;
  const shown = reader(entity, columns, skip);
  const hidden = reader(entity, hiddenColumns, skip + columns.length);
  const sizeOf = rowSizer(entity, columns, skip);
  const hiddenNames = [...hiddenColumns, ...hiddenRelations];
  const prototype = prototypeWith(hiddenNames);
  return (rows) => {
    const trees = rows.map((row) => {
      if (hiddenNames.length === 0) return shown(row, {});
      const tree: Tree = shown(row, Object.create(prototype));
      tree[HIDDEN] = hidden(row, {});
      return tree;
    });
    return { rows, trees, sizes: rows.map(sizeOf) };
  };
}

/**
 * Returns the prototype of rows that hide values of these names. Code reads them like any other
 * property; JSON and copies (`{ ...row }`) leave them out. So code computes first and copies last.
 */
function prototypeWith(names: readonly string[]): object {
  const getters = names.map((name) => [
    name,
    {
      get(this: Tree): unknown {
        return this[HIDDEN]?.[name];
      },
    },
  ]);
  return Object.create(Object.prototype, Object.fromEntries(getters));
}

/** Returns the function that copies columns of a fetched row, from an index on, into an object. */
function reader(
  entity: Entity,
  columns: readonly string[],
  begin: number,
): (row: readonly unknown[], into: Tree) => Tree {
  const isTime = columns.map((column) => isTimeColumn(entity.columns[column]));
  return (row, into) => {
    for (let index = 0; index < columns.length; index++) {
      const value = row[index + begin];
      into[columns[index] as string] =
        isTime[index] && value !== null ? isoTime(value as string) : value;
    }
    return into;
  };
}

function isTimeColumn(type: ColumnType | undefined): boolean {
  return type === "time" || type === "time?";
}

type Linker = (parents: Loaded, children: Loaded) => void;

/** Returns the function that puts a node's rows into their parents. */
function linker(node: Node): Linker {
  const { relation, parent, name } = node;
  if (!relation || !parent) return () => undefined;
  const parentKey = keyAt(parent, keyOfParent(relation));
  const isHidden = parent.shape.hiddenRelations.has(name);
  const isRequired = parent.shape.requiredRelations.has(name);
  const single = isSingle(node);
  const childKey = relation.kind === "through" ? 0 : node.fetched.indexOf(relation.to);
  return (parents, children) => {
    const byKey = new Map<unknown, Tree[]>();
    const sizes = new Map<unknown, number>();
    children.rows.forEach((row, index) => {
      const key = row[childKey];
      const group = byKey.get(key);
      const tree = children.trees[index] as Tree;
      if (group) group.push(tree);
      else byKey.set(key, [tree]);
      sizes.set(key, (sizes.get(key) ?? 0) + (children.sizes[index] ?? 0));
    });
    parents.rows.forEach((row, index) => {
      const group = byKey.get(row[parentKey]);
      if (isRequired && !group)
        throw new NotFoundError(
          `The ${name} of this ${parent.shape.entity.name} no longer exists (${row[parentKey]})`,
        );
      const parentTree = parents.trees[index] as Tree;
      const place = (isHidden ? parentTree[HIDDEN] : parentTree) as Tree;
      place[name] = single ? (group?.[0] ?? null) : [...(group ?? [])];
      if (!isHidden)
        parents.sizes[index] = (parents.sizes[index] ?? 0) + (sizes.get(row[parentKey]) ?? 4);
    });
  };
}

function addDerived(trees: readonly Tree[], { derive }: Entity): void {
  if (derive) for (const tree of trees) Object.assign(tree, derive(tree));
}

function keyAt(node: Node, column: string): number {
  return node.fetched.indexOf(column) + (node.relation?.kind === "through" ? 1 : 0);
}
