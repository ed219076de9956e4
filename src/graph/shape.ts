import type { ClientRequest } from "./answer-bounds.ts";
import type { Entity, Tree } from "./entity.ts";
import { entityNamed } from "./schema.ts";
import type { ColumnsByPath, TreeOf } from "./tree-of.ts";

declare const TREE: unique symbol;

/**
 * A tree of rows to load: the columns of an entity, and the relations below it, each with a shape
 * of its own. `T` is the type of the loaded trees.
 */
export interface Shape<out T = Tree> {
  readonly entity: Entity;
  readonly columns: readonly string[];
  /** Columns that code can read and that never leave. */
  readonly hiddenColumns: readonly string[];
  readonly relations: ReadonlyMap<string, Shape>;
  /** The relations that code can read and that never leave. */
  readonly hiddenRelations: ReadonlySet<string>;
  /** The relations to one row that may not be null. */
  readonly requiredRelations: ReadonlySet<string>;
  /** The relations of which only some rows are loaded. */
  readonly preferences?: ReadonlyMap<string, Preference> | undefined;
  /**
   * Set where an endpoint answers with the tree: what the client named of it, or undefined where it
   * named nothing. Only the root has it.
   */
  readonly answers?: { readonly request: ClientRequest | undefined };
  /** Carries the type alone; there is no such property. */
  readonly [TREE]?: T;
}

/**
 * Which rows `t` of a join table's relation are loaded, as SQL. A parent without a row that
 * suffices has all its rows. It saves work where the code leaves out the others in any case: a
 * shape that a client names has all of them.
 */
export interface Preference {
  /** The condition, with values of the request from `$2` on. */
  readonly rows: string;
  /** The condition of one of them that suffices. */
  readonly suffices: string;
}

/**
 * A tree as the code names it. Paths name relations by dots; `variants.prices` includes `variants`,
 * too.
 */
interface LiteralShape<C extends string> {
  /** The columns shown; all of them by default. */
  readonly columns?: readonly C[];
  /** The relations shown, each with all its columns. */
  readonly paths?: readonly string[];
  /** The relations that never leave, each with all its columns. */
  readonly needed?: readonly string[];
  /** The columns of some paths, instead of all. */
  readonly narrowed?: ColumnsByPath;
  /**
   * The paths to one row that must be there although it could be soft-deleted: loading throws where
   * it is missing.
   */
  readonly required?: readonly string[];
}

type Listed<W, K extends string> = W extends { readonly [_ in K]: readonly (infer P)[] }
  ? P & string
  : never;

/** The type of the trees of a literal shape. */
type TreeOfLiteral<E extends Entity, W> = TreeOf<
  E,
  Listed<W, "paths"> | Listed<W, "needed">,
  {
    readonly columns: (W extends { readonly narrowed: infer N extends ColumnsByPath }
      ? N
      : Record<never, never>) &
      (W extends { readonly columns: infer C extends readonly string[] }
        ? { readonly "": C }
        : Record<never, never>);
    readonly others: "all";
    readonly required: Listed<W, "required">;
  }
>;

/**
 * Returns the shape of a tree that the code names by literals. The type of the trees follows from
 * them.
 * @throws RangeError for a relation or a column that an entity does not have.
 */
export function shapeOf<
  E extends Entity,
  const W extends LiteralShape<keyof E["columns"] & string>,
>(entity: E, wanted: W): Shape<TreeOfLiteral<E, W>> {
  const { columns, paths, needed, narrowed = {}, required } = wanted;
  return buildShape(entity, {
    columns,
    paths,
    needed,
    narrowed: new Map(Object.entries(narrowed)),
    required,
  });
}

/** The type of the trees of a shape. */
export type TreeOfShape<S extends Shape<unknown>> = S extends Shape<infer T> ? T : never;

/** A tree that is only known at run time. Paths name relations by dots. */
export interface Wanted {
  /** The columns shown; all of them by default. */
  readonly columns?: readonly string[] | undefined;
  /** The relations shown, each with all its columns. */
  readonly paths?: Iterable<string> | undefined;
  /** The columns shown of some paths, instead of all. */
  readonly narrowed?: ByPath | undefined;
  /** The relations that prices or totals need, whether shown or not. */
  readonly needed?: Iterable<string> | undefined;
  /**
   * The columns that prices or totals need, by path; the root's path is "". A needed relation that
   * is not listed has all its columns.
   */
  readonly neededColumns?: ByPath | undefined;
  /** The paths to single rows that must be there. */
  readonly required?: Iterable<string> | undefined;
  /** By relation path. */
  readonly preferences?: ReadonlyMap<string, Preference> | undefined;
}

type ByPath = ReadonlyMap<string, readonly string[]>;

/**
 * Returns the shape of a tree that is only known at run time; the caller says what is known of its
 * type.
 * @throws RangeError for a relation or a column that an entity does not have.
 */
export function buildShape<T = Tree>(entity: Entity, wanted: Wanted): Shape<T> {
  const shown = byHead([...(wanted.paths ?? []), ...entity.eager]);
  const needed = byHead(wanted.needed ?? []);
  const required = [...(wanted.required ?? [])];
  const relations = new Map<string, Shape>();
  const hiddenRelations = new Set<string>();
  for (const name of [...new Set([...shown.keys(), ...needed.keys()])].sort()) {
    const relation = entity.relations[name];
    if (!relation) throw new RangeError(`${entity.name} has no relation ${name}`);
    if (!shown.has(name)) hiddenRelations.add(name);
    const narrowed = beneath(name, wanted.narrowed);
    const neededColumns = beneath(name, wanted.neededColumns);
    relations.set(
      name,
      buildShape(entityNamed(relation.entity), {
        columns: (shown.has(name) ? narrowed : neededColumns).get(""),
        paths: shown.get(name),
        narrowed,
        needed: needed.get(name),
        neededColumns,
        required: byHead(required).get(name),
        preferences: beneath(name, wanted.preferences),
      }),
    );
  }
  const columns = wanted.columns ?? Object.keys(entity.columns);
  const hiddenColumns = (wanted.neededColumns?.get("") ?? []).filter(
    (column) => !columns.includes(column),
  );
  mustHave(entity, columns, hiddenColumns);
  const requiredRelations = new Set(required.filter((path) => relations.has(path)));
  const shape = { entity, columns, hiddenColumns, relations, hiddenRelations, requiredRelations };
  return wanted.preferences?.size ? { ...shape, preferences: wanted.preferences } : shape;
}

function mustHave(entity: Entity, ...columns: readonly (readonly string[])[]): void {
  for (const column of columns.flat())
    if (!Object.hasOwn(entity.columns, column))
      throw new RangeError(`${entity.name} has no column ${column}`);
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

/** Returns what is given by path as the relation of that name sees it: its own path is "". */
function beneath<T>(name: string, byPath: ReadonlyMap<string, T> | undefined): Map<string, T> {
  const below = new Map<string, T>();
  for (const [path, value] of byPath ?? []) {
    if (path === name) below.set("", value);
    else if (path.startsWith(`${name}.`)) below.set(path.slice(name.length + 1), value);
  }
  return below;
}

/** Returns a text that is the same for all shapes of the same tree. */
export function shapeKey(shape: Shape<unknown>): string {
  const relations = [...shape.relations].map(([name, child]) => {
    const hidden = shape.hiddenRelations.has(name) ? "-" : "";
    const required = shape.requiredRelations.has(name) ? "!" : "";
    const preference = JSON.stringify(shape.preferences?.get(name) ?? "");
    return `${hidden}${name}${required}${preference}${shapeKey(child)}`;
  });
  const columns = `${shape.columns.join(",")}-${shape.hiddenColumns.join(",")}`;
  return `{${shape.entity.name}:${columns};${relations.join(";")}}`;
}
