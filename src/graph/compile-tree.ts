import { rowSizer } from "./answer-size.ts";
import { type ColumnType, type Entity, HIDDEN, type Relation, type Tree } from "./entity.ts";
import { isoTime } from "./iso-time.ts";
import type { Shape } from "./shape.ts";

/**
 * A shape compiled to one flat statement. Each relation is one column of its result: a JSON list of
 * that relation's rows, so that the database prints no row twice. Rows are found from the root ids
 * (`$1`), level by level. The keys of a level are collected once for all relations below it, so
 * that no plan scans a level again for each row of the next, even where the planner lacks
 * statistics. `stitch` links the rows into trees.
 */
export interface CompiledTree {
  readonly text: string;
  /**
   * Returns the trees found, by root id, and the size of each as JSON, in bytes. A row that several
   * parents share is one object, and counts for each of them.
   * @throws Error where a row that the shape requires is missing
   */
  readonly stitch: (lists: Readonly<Record<string, readonly unknown[][] | null>>) => {
    readonly trees: Map<string, Tree>;
    readonly sizes: readonly number[];
  };
}

interface Node {
  readonly label: string;
  readonly name: string;
  readonly shape: Shape<unknown>;
  readonly relation: Relation | undefined;
  readonly parent: Node | undefined;
  /** Soft-deleted rows are included. */
  readonly withDeleted: boolean;
  /** Soft-deleted rows are included below, too. */
  readonly withDeletedBelow: boolean;
  /** The columns fetched: those shown, those hidden, then the keys that only link rows. */
  readonly fetched: string[];
}

/**
 * Compiles a shape. This takes some tens of microseconds, so callers keep the result. Where it
 * `isCounted`, the statement returns `is_too_large` instead of lists if there are more rows than
 * its second parameter.
 */
export function compileTree(shape: Shape<unknown>, { isCounted = false } = {}): CompiledTree {
  const nodes = flatten(shape);
  const keys = [
    ...new Set(
      nodes.flatMap(({ relation, parent }) => (relation && parent ? keysOf(parent, relation) : [])),
    ),
  ];
  const text = isCounted ? countedText(nodes, keys) : plainText(nodes, keys);
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

function plainText(nodes: readonly Node[], keys: readonly string[]): string {
  const lists = nodes.map((node) => `(${listOf(node)}) as ${node.label}`);
  return `${keys.length > 0 ? `with ${keys.join(", ")} ` : ""}select ${lists.join(", ")}`;
}

/**
 * Returns the statement that counts before it prints. Only relations to many rows are counted, each
 * with the single rows below it: there are no more of these. No list is built if there are too many
 * rows, since PostgreSQL evaluates only the branch of a `case` that it needs.
 */
function countedText(nodes: readonly Node[], keys: readonly string[]): string {
  const counts = nodes
    .filter((node) => !isSingle(node))
    .map(
      (node) =>
        `(select count(*) from (select 1 from ${rowsOf(node)} limit $2::int + 1) c) * ${1 + singlesBelow(node, nodes)}`,
    );
  const counted = `counted as materialized (select ${counts.join(" + ")} > $2::int as is_too_large)`;
  const lists = nodes.map(
    (node) =>
      `case when not (select is_too_large from counted) then (${listOf(node)}) end as ${node.label}`,
  );
  return `with ${[...keys, counted].join(", ")} select (select is_too_large from counted) as is_too_large, ${lists.join(", ")}`;
}

function isSingle({ relation }: Node): boolean {
  return relation?.kind === "one" || relation?.kind === "only";
}

function singlesBelow(node: Node, nodes: readonly Node[]): number {
  return nodes
    .filter((child) => child.parent === node && isSingle(child))
    .reduce((sum, child) => sum + 1 + singlesBelow(child, nodes), 0);
}

function flatten(
  shape: Shape<unknown>,
  name = "",
  relation?: Relation,
  parent?: Node,
  nodes: Node[] = [],
): Node[] {
  const keys = !relation ? ["id"] : relation.kind === "through" ? [] : [relation.to];
  const linking = [...shape.relations.keys()].map((child) =>
    keyOfParent(shape.entity.relations[child]),
  );
  const fetched = [...new Set([...shape.columns, ...shape.hiddenColumns, ...keys, ...linking])];
  const withDeletedBelow = relation?.withDeletedBelow || parent?.withDeletedBelow || false;
  const withDeleted = relation?.withDeleted || withDeletedBelow;
  const node: Node = {
    label: `r${nodes.length}`,
    name,
    shape,
    relation,
    parent,
    withDeleted,
    withDeletedBelow,
    fetched,
  };
  nodes.push(node);
  for (const [child, below] of shape.relations)
    flatten(below, child, shape.entity.relations[child], node, nodes);
  return nodes;
}

/**
 * Returns the subquery of the JSON list of a node's rows, each a list of its fetched columns. A row
 * of a join table's relation begins with the key of its parent.
 */
function listOf(node: Node): string {
  const { relation, shape } = node;
  const values = node.fetched.map((column) => selected(shape.entity, column));
  if (relation?.kind === "through") values.unshift(`j."${relation.from}"`);
  const order = relation?.order
    ?.map(({ column, descending }) => `t."${column}"${descending ? " desc" : ""}`)
    .join(", ");
  return `select json_agg(json_build_array(${values.join(", ")})${order ? ` order by ${order}` : ""}) from ${rowsOf(node)}`;
}

function selected(entity: Entity, column: string): string {
  return entity.columns[column] === "bigint" || entity.columns[column] === "bigint?"
    ? `t."${column}"::text`
    : `t."${column}"`;
}

/** Returns `table t where …`: the rows of a node, found from the root ids. */
function rowsOf(node: Node): string {
  const { relation, shape, parent } = node;
  const table = `"${shape.entity.table}" t`;
  const conditions: string[] = [];
  let from = table;
  if (!relation || !parent) conditions.push('t."id" = any($1)');
  else if (relation.kind === "through") {
    from = `"${relation.table}" j join ${table} on t."id" = j."${relation.to}"`;
    conditions.push(`j."${relation.from}" ${among(parent, relation)}`);
  } else conditions.push(`t."${relation.to}" ${among(parent, relation)}`);
  if (shape.entity.softDelete && !node.withDeleted) conditions.push("t.deleted_at is null");
  if (relation?.where) conditions.push(relation.where);
  return `${from} where ${conditions.join(" and ")}`;
}

/** Returns the condition that a child's key is one of its parents' keys. */
function among(parent: Node, relation: Relation): string {
  return isRootId(parent, relation)
    ? "= any($1)"
    : `in (select key from ${nameOfKeys(parent, relation)})`;
}

/**
 * Returns the common table expression of the keys by which children of a relation are found. Where
 * these are the root ids there is none.
 */
function keysOf(parent: Node, relation: Relation): string[] {
  if (isRootId(parent, relation)) return [];
  const column = keyOfParent(relation);
  return [
    `${nameOfKeys(parent, relation)} as materialized (select distinct t."${column}" as key from ${rowsOf(parent)})`,
  ];
}

function nameOfKeys(parent: Node, relation: Relation): string {
  return `"${parent.label}_${keyOfParent(relation)}"`;
}

function isRootId(parent: Node, relation: Relation): boolean {
  return !parent.parent && keyOfParent(relation) === "id";
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
        throw new Error(
          `${parent.shape.entity.name} requires its ${name} (${row[parentKey]}), which is missing`,
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

/** Returns the parent's column by which its children are found. */
function keyOfParent(relation: Relation | undefined): string {
  return !relation || relation.kind === "through" ? "id" : relation.from;
}

function keyAt(node: Node, column: string): number {
  return node.fetched.indexOf(column) + (node.relation?.kind === "through" ? 1 : 0);
}
