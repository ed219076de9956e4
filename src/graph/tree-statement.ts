import type { Entity, Relation } from "./entity.ts";
import type { Shape } from "./shape.ts";

/** A relation of a shape, or its root: one list of the statement. */
export interface Node {
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

/** Returns the statement that prints the list of each node. */
export function plainText(nodes: readonly Node[], keys: readonly string[]): string {
  const lists = nodes.map((node) => `(${listOf(node)}) as ${node.label}`);
  return `${keys.length > 0 ? `with ${keys.join(", ")} ` : ""}select ${lists.join(", ")}`;
}

/**
 * Returns the statement that counts before it prints. Only relations to many rows are counted, each
 * with the single rows below it: there are no more of these. No list is built if there are too many
 * rows, since PostgreSQL evaluates only the branch of a `case` that it needs.
 */
export function countedText(nodes: readonly Node[], keys: readonly string[]): string {
  const counts = nodes
    .filter((node) => !isSingle(node))
    .map(
      (node) =>
        `(select count(*) from (select 1 from ${rowsOf(node)} limit $2::int + 1) c)` +
        ` * ${1 + singlesBelow(node, nodes)}`,
    );
  const rows = counts.join(" + ");
  const counted = `counted as materialized (select ${rows} > $2::int as is_too_large)`;
  const lists = nodes.map(
    (node) =>
      `case when not (select is_too_large from counted) ` +
      `then (${listOf(node)}) end as ${node.label}`,
  );
  return (
    `with ${[...keys, counted].join(", ")} ` +
    `select (select is_too_large from counted) as is_too_large, ${lists.join(", ")}`
  );
}

/** Returns whether a node has at most one row for each of its parents. */
export function isSingle({ relation }: Node): boolean {
  return relation?.kind === "one" || relation?.kind === "only";
}

function singlesBelow(node: Node, nodes: readonly Node[]): number {
  return nodes
    .filter((child) => child.parent === node && isSingle(child))
    .reduce((sum, child) => sum + 1 + singlesBelow(child, nodes), 0);
}

/** Returns the nodes of a shape, parents before their children. */
export function flatten(
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
  const orderBy = order ? ` order by ${order}` : "";
  return `select json_agg(json_build_array(${values.join(", ")})${orderBy}) from ${rowsOf(node)}`;
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
export function keysOf(parent: Node, relation: Relation): string[] {
  if (isRootId(parent, relation)) return [];
  const column = keyOfParent(relation);
  return [
    `${nameOfKeys(parent, relation)} as materialized ` +
      `(select distinct t."${column}" as key from ${rowsOf(parent)})`,
  ];
}

function nameOfKeys(parent: Node, relation: Relation): string {
  return `"${parent.label}_${keyOfParent(relation)}"`;
}

function isRootId(parent: Node, relation: Relation): boolean {
  return !parent.parent && keyOfParent(relation) === "id";
}

/** Returns the parent's column by which its children are found. */
export function keyOfParent(relation: Relation | undefined): string {
  return !relation || relation.kind === "through" ? "id" : relation.from;
}
