import { type ColumnType, type Entity, HIDDEN, type Relation, type Tree } from "./entity.ts";
import { isoTime } from "./iso-time.ts";
import type { Shape } from "./shape.ts";

/**
 * A shape compiled to one flat statement: a column a relation, each a JSON list of that relation's
 * rows, so that the database prints no row twice. Rows are found from the root ids (`$1`), level by
 * level: the keys of a level are gathered once for all that hangs below it, so that no plan,
 * however little the planner knows of the tables, walks a level again for each row of the next.
 * `stitch` hangs the rows together again.
 */
export interface CompiledTree {
  readonly text: string;
  /** The roots found, by id; rows that several parents share are one object. */
  readonly stitch: (
    lists: Readonly<Record<string, readonly unknown[][] | null>>,
  ) => Map<string, Tree>;
}

interface Node {
  readonly label: string;
  readonly name: string;
  readonly shape: Shape;
  readonly relation: Relation | undefined;
  readonly parent: Node | undefined;
  /** Rows that were soft-deleted count here, too. */
  readonly withDeleted: boolean;
  /** Likewise in what hangs below. */
  readonly withDeletedBelow: boolean;
  /**
   * The columns that are fetched: those shown, those hidden, then keys that only hold the tree
   * together.
   */
  readonly fetched: string[];
}

/** Compiles a shape; costs some tens of microseconds, so callers keep the result. */
export function compileTree(shape: Shape): CompiledTree {
  const nodes = flatten(shape);
  const keys = [
    ...new Set(
      nodes.flatMap(({ relation, parent }) => (relation && parent ? keysOf(parent, relation) : [])),
    ),
  ];
  const text = `${keys.length > 0 ? `with ${keys.join(", ")} ` : ""}select ${nodes.map((node) => `(${listOf(node)}) as ${node.label}`).join(", ")}`;
  const hangers = nodes.map(hanger);
  const deriving = nodes.filter((node) => node.shape.entity.derive);
  return {
    text,
    stitch: (lists) => {
      const loaded = new Map(nodes.map((node) => [node, build(node, lists[node.label] ?? [])]));
      nodes.forEach((node, index) => {
        if (node.parent)
          hangers[index]?.(loaded.get(node.parent) ?? NONE, loaded.get(node) ?? NONE);
      });
      for (const node of deriving)
        loaded.get(node)?.trees.forEach(node.shape.entity.derive ?? ignore);
      const root = nodes[0] && loaded.get(nodes[0]);
      const id = nodes[0]?.fetched.indexOf("id") ?? 0;
      return new Map(
        root?.rows.map((row, index) => [row[id] as string, root.trees[index] as Tree]),
      );
    },
  };
}

function flatten(
  shape: Shape,
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
 * The JSON list of a node's rows, each a list of its fetched columns; a tied row begins with the
 * key of the row it is tied to.
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

/** `table t where …`: the rows of a node, found from the root ids. */
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

/** The condition that a key of a child is one of its parents'. */
function among(parent: Node, relation: Relation): string {
  return isRootId(parent, relation)
    ? "= any($1)"
    : `in (select key from ${nameOfKeys(parent, relation)})`;
}

/**
 * Gathers what children of a relation are found by, for the statement to begin with; nothing where
 * that is the root ids.
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

/** The rows of a node as they came, and as they leave. */
interface Loaded {
  readonly rows: readonly unknown[][];
  readonly trees: readonly Tree[];
}

const NONE: Loaded = { rows: [], trees: [] };
const ignore = () => undefined;

function build(node: Node, rows: readonly unknown[][]): Loaded {
  const skip = node.relation?.kind === "through" ? 1 : 0;
  const { columns, hiddenColumns, hiddenRelations, entity } = node.shape;
  const hides = hiddenColumns.length + hiddenRelations.size > 0;
  const shown = reader(entity, columns, skip);
  const hidden = reader(entity, hiddenColumns, skip + columns.length);
  const trees = rows.map((row) => {
    const tree: Tree = {};
    shown(row, tree);
    if (hides) {
      tree[HIDDEN] = {};
      hidden(row, tree[HIDDEN]);
    }
    return tree;
  });
  return { rows, trees };
}

/** Writes the named columns of a fetched row, which begin at an index, into an object. */
function reader(
  entity: Entity,
  columns: readonly string[],
  begin: number,
): (row: readonly unknown[], into: Record<string, unknown>) => void {
  const isTime = columns.map((column) => isTimeColumn(entity.columns[column]));
  return (row, into) => {
    for (let index = 0; index < columns.length; index++) {
      const value = row[index + begin];
      into[columns[index] as string] =
        isTime[index] && value !== null ? isoTime(value as string) : value;
    }
  };
}

function isTimeColumn(type: ColumnType | undefined): boolean {
  return type === "time" || type === "time?";
}

type Hanger = (parents: Loaded, children: Loaded) => void;

/** How the rows of a node are hung onto their parents, decided once. */
function hanger(node: Node): Hanger {
  const { relation, parent, name } = node;
  if (!relation || !parent) return () => undefined;
  const parentKey = keyAt(parent, keyOfParent(relation));
  const hidden = parent.shape.hiddenRelations.has(name);
  const childKey = relation.kind === "through" ? 0 : node.fetched.indexOf(relation.to);
  return (parents, children) => {
    const byKey = new Map<unknown, Tree[]>();
    children.rows.forEach((row, index) => {
      const key = row[childKey];
      const group = byKey.get(key);
      const tree = children.trees[index] as Tree;
      if (group) group.push(tree);
      else byKey.set(key, [tree]);
    });
    parents.rows.forEach((row, index) => {
      const group = byKey.get(row[parentKey]);
      const parentTree = parents.trees[index] as Tree;
      const place = (hidden ? parentTree[HIDDEN] : parentTree) as Tree;
      place[name] =
        relation.kind === "one" || relation.kind === "only"
          ? (group?.[0] ?? null)
          : [...(group ?? [])];
    });
  };
}

/** The parent's column that its children are found by. */
function keyOfParent(relation: Relation | undefined): string {
  return !relation || relation.kind === "through" ? "id" : relation.from;
}

function keyAt(node: Node, column: string): number {
  return node.fetched.indexOf(column) + (node.relation?.kind === "through" ? 1 : 0);
}
