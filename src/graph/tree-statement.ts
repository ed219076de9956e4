import { PAGE_SETTING } from "../database/page.ts";
import type { Entity, Relation } from "./entity.ts";
import type { Preference, Shape } from "./shape.ts";

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
  /** The condition of the rows that are loaded instead of all; see `Preference`. */
  readonly preference: Preference | undefined;
  /** The columns fetched: those shown, those hidden, then the keys that only link rows. */
  readonly fetched: string[];
}

/** The root ids: the first parameter, or where it is null, the page that the session read last. */
const GIVEN_ROOTS = `select coalesce($1::text[], current_setting('${PAGE_SETTING}', true)::text[])`;
const rootsOf = (roots: string) => `roots as materialized (${roots} as ids)`;
/** The condition that a key is one of the root ids. */
const AMONG_ROOTS = "= any((select ids from roots)::text[])";

/**
 * Returns the statement that prints the list of each node. `roots` selects the array of the root
 * ids. The rows of a level that has further levels below it are read once, for its own list and for
 * the keys of those. Preferred rows are only chosen there.
 */
export function plainText(nodes: readonly Node[], roots = GIVEN_ROOTS): string {
  const parents = new Set(nodes.flatMap((node) => (findsByKeys(node) ? [node.parent] : [])));
  const levels = nodes.flatMap((node) => [
    ...(parents.has(node) ? levelOf(node) : []),
    ...keysBelow(node, nodes, (column) => `"${column}" from ${node.label}`),
  ]);
  const lists = nodes.map((node) =>
    parents.has(node)
      ? `(${listOf(node, `${node.label} t`, "t.parent_key")}) as ${node.label}`
      : `(${listOf(node)}) as ${node.label}`,
  );
  return `with ${[rootsOf(roots), ...levels].join(", ")} select ${lists.join(", ")}`;
}

/**
 * Returns the statement that counts before it prints. Only relations to many rows are counted, each
 * with the single rows below it: there are no more of these. No list is built if there are too many
 * rows, since PostgreSQL evaluates only the branch of a `case` that it needs.
 */
export function countedText(nodes: readonly Node[]): string {
  const keys = nodes.flatMap((node) =>
    keysBelow(node, nodes, (column) => `t."${column}" from ${rowsOf(node)}`),
  );
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
    `with ${[rootsOf(GIVEN_ROOTS), ...keys, counted].join(", ")} ` +
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
    preference: parent?.shape.preferences?.get(name),
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
function listOf(node: Node, rows = rowsOf(node), parentKey = parentKeyOf(node)): string {
  const { relation, shape } = node;
  const values = node.fetched.map((column) => selected(shape.entity, column));
  if (relation?.kind === "through") values.unshift(parentKey);
  const order = relation?.order
    ?.map(({ column, descending }) => `t."${column}"${descending ? " desc" : ""}`)
    .join(", ");
  const orderBy = order ? ` order by ${order}` : "";
  return `select json_agg(json_build_array(${values.join(", ")})${orderBy}) from ${rows}`;
}

/** Returns the common table expressions of a node's rows, with all that its list is made of. */
function levelOf(node: Node): string[] {
  const sorted = node.relation?.order?.map(({ column }) => column) ?? [];
  const columns = [...new Set([...node.fetched, ...sorted])].map((column) => `t."${column}"`);
  if (node.relation?.kind === "through") columns.push(`${parentKeyOf(node)} as parent_key`);
  const { label, preference } = node;
  if (!preference || node.relation?.kind !== "through")
    return [`${label} as materialized (select ${columns.join(", ")} from ${rowsOf(node)})`];
  const { rows, suffices } = preference;
  columns.push(`(${rows}) as is_preferred`);
  const all = `${label}_all`;
  const served = `select t.parent_key from ${all} t where t.is_preferred and ${suffices}`;
  return [
    `${all} as materialized (select ${columns.join(", ")} from ${rowsOf(node)})`,
    `${label} as materialized (select * from ${all} ` +
      `where is_preferred or parent_key not in (${served}))`,
  ];
}

function parentKeyOf({ relation }: Node): string {
  return relation?.kind === "through" ? `j."${relation.from}"` : "";
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
  if (!relation || !parent) conditions.push(`t."id" ${AMONG_ROOTS}`);
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
    ? AMONG_ROOTS
    : `= any((select keys from ${nameOfKeys(parent, relation)})::text[])`;
}

/** Returns whether the rows of a node are found by keys other than the root ids. */
function findsByKeys({ relation, parent }: Node): boolean {
  return relation !== undefined && parent !== undefined && !isRootId(parent, relation);
}

/**
 * Returns the common table expressions of the keys by which the relations below a node are found,
 * each once, whatever relations need it. `select` returns what follows `select distinct`. The keys
 * are one array, since a hash table for each relation takes longer than reading its few rows.
 */
function keysBelow(
  node: Node,
  nodes: readonly Node[],
  select: (column: string) => string,
): string[] {
  const found = nodes.filter((child) => child.parent === node && findsByKeys(child));
  const columns = new Set(found.map(({ relation }) => keyOfParent(relation)));
  return [...columns].map(
    (column) =>
      `"${node.label}_${column}" as materialized ` +
      `(select array(select distinct ${select(column)}) as keys)`,
  );
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
