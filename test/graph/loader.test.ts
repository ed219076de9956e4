import fc from "fast-check";
import type { Knex } from "knex";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seedDemo } from "../../src/demo/seed-demo.ts";
import { type Entity, HIDDEN, type Tree } from "../../src/graph/entity.ts";
import { loadTrees } from "../../src/graph/load-tree.ts";
import { entityNamed, schema } from "../../src/graph/schema.ts";
import { buildShape, type Shape } from "../../src/graph/shape.ts";
import { countStatements } from "../support/count-statements.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { loadNaively } from "./load-naively.ts";

const MAX_DEPTH = 3;

/** Entities with an id. */
const roots = [...schema.values()].filter((entity) => entity.columns["id"] === "text");

/** Returns the relation paths of an entity, up to a depth. */
function pathsFrom(entity: Entity, depth = MAX_DEPTH): string[] {
  if (depth === 0) return [];
  return Object.entries(entity.relations).flatMap(([name, relation]) => [
    name,
    ...pathsFrom(entityNamed(relation.entity), depth - 1).map((path) => `${name}.${path}`),
  ]);
}

function entityAt(entity: Entity, path: string): Entity {
  return path
    .split(".")
    .reduce((at, name) => entityNamed(at.relations[name]?.entity ?? ""), entity);
}

const columnsOf = (entity: Entity) => fc.subarray(Object.keys(entity.columns));

/** Generates any shape of an entity: columns, relations, narrowed relations, and hidden ones. */
function shapesOf(entity: Entity): fc.Arbitrary<Shape> {
  const paths = pathsFrom(entity);
  const some = fc.subarray(paths, { maxLength: Math.min(paths.length, 4) });
  return fc.tuple(some, some).chain(([shown, needed]) => {
    const byPath = (names: readonly string[]) =>
      fc
        .tuple(...names.map((path) => columnsOf(entityAt(entity, path))))
        .map((columns) => new Map(names.map((path, index) => [path, columns[index] ?? []])));
    return fc
      .record({
        columns: columnsOf(entity),
        narrowed: byPath(shown),
        neededColumns: byPath(needed),
        own: columnsOf(entity),
      })
      .map(({ columns, narrowed, neededColumns, own }) =>
        buildShape(entity, {
          columns,
          paths: shown,
          needed,
          narrowed,
          neededColumns: new Map([...neededColumns, ["", own]]),
        }),
      );
  });
}

const anyShape = fc.constantFrom(...roots).chain(shapesOf);

/** Sorts the lists of a tree and shows its hidden part, so that trees compare by value. */
function toComparable(tree: unknown): unknown {
  if (Array.isArray(tree))
    return tree
      .map(toComparable)
      .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  if (typeof tree !== "object" || tree === null) return tree;
  const names = Object.keys(tree).sort();
  const plain = Object.fromEntries(names.map((name) => [name, toComparable((tree as Tree)[name])]));
  return HIDDEN in tree ? { ...plain, "(hidden)": toComparable((tree as Tree)[HIDDEN]) } : plain;
}

describe("the tree loader", () => {
  let database: TestDatabase;
  let knex: Knex;
  const ids = new Map<string, string[]>();
  beforeAll(async () => {
    database = await openDatabase();
    knex = database.knex;
    await seedDemo(knex, { publicUrl: "http://localhost", log: () => undefined });
    // Some rows are deleted. Trees must not contain them, except where a relation includes them.
    await knex.raw("update customer_group set deleted_at = now()");
    await knex.raw("update product_variant set deleted_at = now() where variant_rank = 1");
    await knex.raw(
      "update product set collection_id = null where id in (select id from product order by id " +
        "limit 5)",
    );
    await knex.raw(
      "update product_category set is_active = false where id in (select id from " +
        "product_category order by id limit 1)",
    );
    for (const { table } of roots) {
      const { rows } = await knex.raw(`select id from "${table}" order by id limit 6`);
      ids.set(
        table,
        rows.map((row: { id: string }) => row.id),
      );
    }
  });
  afterAll(() => database.drop());

  it("keeps the order of the ids and skips unknown ones", async () => {
    const shape = buildShape(entityNamed("product"), { columns: ["id"] });
    const [first = "", second = ""] = ids.get("product") ?? [];
    expect(await loadTrees(knex, shape, [second, "nothing", first])).toEqual([
      { id: second },
      { id: first },
    ]);
  });

  it("sends no statement without ids", async () => {
    const shape = buildShape(entityNamed("product"), { columns: ["id"] });
    expect(await countStatements(() => loadTrees(knex, shape, []))).toEqual([]);
  });

  it("loads any tree of any entity in one statement", async () => {
    await fc.assert(
      fc.asyncProperty(anyShape, async (shape) => {
        const wanted = ids.get(shape.entity.table) ?? [];
        let trees: Tree[] = [];
        const statements = await countStatements(async () => {
          trees = await loadTrees(knex, shape, wanted);
        });
        expect(statements.length).toBe(wanted.length === 0 ? 0 : 1);
        expect(toComparable(trees)).toStrictEqual(
          toComparable(await loadNaively(knex, shape, wanted)),
        );
      }),
      { numRuns: 150 },
    );
  });

  it("returns the rows of a relation in its order", async () => {
    const shape = buildShape(entityNamed("product"), { columns: ["id"], paths: ["variants"] });
    const { rows } = await knex.raw("select id from product");
    for (const product of await loadTrees(
      knex,
      shape,
      rows.map((row: { id: string }) => row.id),
    )) {
      const ranks = (product["variants"] as Tree[]).map(
        (variant) => variant["variant_rank"] as number,
      );
      expect(ranks).toEqual(ranks.toSorted((one, other) => one - other));
    }
  });

  it("lets code read hidden values, which no answer and no copy contains", async () => {
    const shape = buildShape(entityNamed("product"), {
      columns: ["id"],
      needed: ["variants.prices"],
    });
    const trees = await loadTrees(knex, shape, ids.get("product") ?? []);
    const shown = trees.map((tree) => ({ id: tree["id"] }));
    expect(JSON.parse(JSON.stringify(trees))).toEqual(shown);
    expect(trees.map((tree) => Object.keys({ ...tree }))).toEqual(shown.map(() => ["id"]));
    for (const tree of trees) expect(tree["variants"]).toBeInstanceOf(Array);
  });
});
