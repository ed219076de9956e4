import type { Knex } from "knex";
import { type Entity, HIDDEN, type Relation, type Tree } from "../../src/graph/entity.ts";
import type { Shape } from "../../src/graph/shape.ts";

/**
 * Loads the trees of a shape with one statement per row and relation: slow and simple, to compare
 * the loader with.
 */
export async function loadNaively(
  knex: Knex,
  shape: Shape,
  ids: readonly string[],
): Promise<Tree[]> {
  const trees: Tree[] = [];
  for (const id of ids) {
    const rows = await rowsOf(knex, shape.entity, `t.id = ?${alive(shape.entity, undefined)}`, [
      id,
    ]);
    if (rows[0]) trees.push(await treeOf(knex, shape, rows[0]));
  }
  return trees;
}

async function treeOf(knex: Knex, shape: Shape, row: Tree): Promise<Tree> {
  const tree: Tree = pick(row, shape.columns);
  const hidden: Record<string, unknown> = pick(row, shape.hiddenColumns);
  for (const [name, below] of shape.relations) {
    const relation = shape.entity.relations[name] as Relation;
    const children = [];
    for (const child of await related(knex, relation, below.entity, row))
      children.push(await treeOf(knex, below, child));
    const isOne = relation.kind === "one" || relation.kind === "only";
    (shape.hiddenRelations.has(name) ? hidden : tree)[name] = isOne
      ? (children[0] ?? null)
      : children;
  }
  if (shape.hiddenColumns.length + shape.hiddenRelations.size > 0) tree[HIDDEN] = hidden;
  // Code reads hidden values like any others.
  Object.assign(tree, shape.entity.derive?.({ ...hidden, ...tree }));
  return tree;
}

function related(knex: Knex, relation: Relation, target: Entity, parent: Tree): Promise<Tree[]> {
  const rest = alive(target, relation) + (relation.where ? ` and (${relation.where})` : "");
  if (relation.kind === "through") {
    const { table, from, to } = relation;
    const linked = `t.id in (select "${to}" from "${table}" where "${from}" = ?)`;
    return rowsOf(knex, target, linked + rest, [parent["id"]]);
  }
  const key = parent[relation.from];
  return key === null
    ? Promise.resolve([])
    : rowsOf(knex, target, `t."${relation.to}" = ?${rest}`, [key]);
}

function alive(entity: Entity, relation: Relation | undefined): string {
  return entity.softDelete && !relation?.withDeleted ? " and t.deleted_at is null" : "";
}

async function rowsOf(
  knex: Knex,
  entity: Entity,
  condition: string,
  values: readonly unknown[],
): Promise<Tree[]> {
  const columns = Object.keys(entity.columns).map((column) => `t."${column}"`);
  const { rows } = await knex.raw(
    `select ${columns.join(", ")} from "${entity.table}" t where ${condition}`,
    values as never,
  );
  return rows.map((row: Tree) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, plain(entity, name, value)]),
    ),
  );
}

/** The driver returns numerics and big integers as strings. */
function plain(entity: Entity, name: string, value: unknown): unknown {
  const type = entity.columns[name];
  return typeof type === "string" && type.startsWith("decimal") && value !== null
    ? Number(value)
    : value;
}

function pick(row: Tree, columns: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(columns.map((column) => [column, row[column]]));
}
