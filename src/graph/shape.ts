import type { Entity } from "./entity.ts";
import { entityNamed } from "./schema.ts";

/** Which tree of rows: the columns of an entity and the relations below it, each a shape again. */
export interface Shape {
  readonly entity: Entity;
  readonly columns: readonly string[];
  /** Columns that are loaded for our own use and never leave: `hiddenOf(row)` holds them. */
  readonly hiddenColumns: readonly string[];
  readonly relations: ReadonlyMap<string, Shape>;
  /** The relations among them that never leave, likewise. */
  readonly hiddenRelations: ReadonlySet<string>;
}

/**
 * What is wanted of an entity's tree. Paths name relations by dots; `variants.prices` brings
 * `variants`, too.
 */
export interface Wanted {
  /** The columns shown; all of them if left out. */
  readonly columns?: readonly string[];
  /** The relations shown, each with all its columns. */
  readonly paths?: Iterable<string>;
  /** The columns shown of some paths, instead of all. */
  readonly narrowed?: ReadonlyMap<string, readonly string[]>;
  /** Relations that prices or totals need, whether shown or not. */
  readonly needed?: Iterable<string>;
  /** Columns that prices or totals need, by path; the root's path is "". */
  readonly neededColumns?: ReadonlyMap<string, readonly string[]>;
}

/**
 * The shape of what is wanted of an entity.
 * @throws RangeError for a relation or a column that an entity does not have.
 */
export function shapeOf(entity: Entity, wanted: Wanted): Shape {
  const shown = byHead([...(wanted.paths ?? []), ...entity.eager]);
  const needed = byHead(wanted.needed ?? []);
  const relations = new Map<string, Shape>();
  const hiddenRelations = new Set<string>();
  for (const name of [...new Set([...shown.keys(), ...needed.keys()])].sort()) {
    const relation = entity.relations[name];
    if (!relation) throw new RangeError(`${entity.name} has no relation ${name}`);
    if (!shown.has(name)) hiddenRelations.add(name);
    relations.set(
      name,
      shapeOf(entityNamed(relation.entity), {
        ...withColumns(wanted.narrowed?.get(name)),
        paths: shown.get(name) ?? [],
        needed: needed.get(name) ?? [],
        narrowed: beneath(name, wanted.narrowed),
        neededColumns: beneath(name, wanted.neededColumns),
      }),
    );
  }
  const columns = wanted.columns ?? Object.keys(entity.columns);
  const hiddenColumns = (wanted.neededColumns?.get("") ?? []).filter(
    (column) => !columns.includes(column),
  );
  for (const column of [...columns, ...hiddenColumns])
    if (!Object.hasOwn(entity.columns, column))
      throw new RangeError(`${entity.name} has no column ${column}`);
  return { entity, columns, hiddenColumns, relations, hiddenRelations };
}

function withColumns(columns: readonly string[] | undefined): Wanted {
  return columns ? { columns } : {};
}

/** `[variants.prices, tags]` → `variants → [prices], tags → []` */
function byHead(paths: Iterable<string>): Map<string, string[]> {
  const heads = new Map<string, string[]>();
  for (const path of paths) {
    const dot = path.indexOf(".");
    const head = dot < 0 ? path : path.slice(0, dot);
    const tails = heads.get(head) ?? [];
    if (dot >= 0) tails.push(path.slice(dot + 1));
    heads.set(head, tails);
  }
  return heads;
}

type ByPath = ReadonlyMap<string, readonly string[]>;

function beneath(name: string, byPath: ByPath | undefined): ByPath {
  const below = new Map<string, readonly string[]>();
  for (const [path, columns] of byPath ?? []) {
    if (path === name) below.set("", columns);
    else if (path.startsWith(`${name}.`)) below.set(path.slice(name.length + 1), columns);
  }
  return below;
}

/** One text for all shapes that are the same tree. */
export function shapeKey(shape: Shape): string {
  const relations = [...shape.relations].map(
    ([name, child]) => `${shape.hiddenRelations.has(name) ? "-" : ""}${name}${shapeKey(child)}`,
  );
  return `{${shape.entity.name}:${shape.columns.join(",")}-${shape.hiddenColumns.join(",")};${relations.join(";")}}`;
}
