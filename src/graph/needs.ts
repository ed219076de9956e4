import type { Entity } from "./entity.ts";
import type { Preference } from "./shape.ts";
import type { ColumnsByPath, TreeOf } from "./tree-of.ts";

declare const NEEDED: unique symbol;

/**
 * What code reads of a tree whose shown part a client chooses. Where the client does not see it, it
 * is loaded hidden. `T` is the type of what the code reads.
 */
export interface Needs<out T> {
  /** Distinguishes the needs in the keys of shapes. */
  readonly number: number;
  /** The columns needed, for every path needed; the root's path is "". */
  readonly always: ReadonlyMap<string, readonly string[]>;
  /** The same, needed only where the first relation of the path is shown. */
  readonly whereShown: ReadonlyMap<string, readonly string[]>;
  /** The paths to single rows that must be there. */
  readonly required: readonly string[];
  /** By relation path, the rows that are loaded instead of all. */
  readonly preferences: ReadonlyMap<string, Preference>;
  /** Carries the type alone; there is no such property. */
  readonly [NEEDED]?: T;
}

interface Options<O extends ColumnsByPath, Q extends string> {
  readonly whereShown?: O;
  readonly required?: readonly Q[];
  readonly preferences?: Readonly<Record<string, Preference>>;
}

type Needed<E extends Entity, C extends ColumnsByPath, Q extends string> = TreeOf<
  E,
  Exclude<keyof C, ""> & string,
  { readonly columns: C; readonly others: "none"; readonly required: Q }
>;

let declared = 0;

/**
 * Declares what code reads of a tree, as columns by relation path (`""` is the root's). What is
 * needed only `whereShown` is optional in the type. A `required` path leads to a row that could be
 * soft-deleted: loading throws where it is missing.
 */
export function needsOf<
  E extends Entity,
  const C extends ColumnsByPath,
  const O extends ColumnsByPath = Record<never, never>,
  const Q extends string = never,
>(
  _root: E,
  columns: C,
  { whereShown, required = [], preferences = {} }: Options<O, Q> = {},
): Needs<Needed<E, C, Q> & Partial<Needed<E, O, Q>>> {
  declared += 1;
  return {
    number: declared,
    always: withParents(columns),
    whereShown: withParents(whereShown ?? {}),
    required,
    preferences: new Map(Object.entries(preferences)),
  };
}

/** Adds the relations on the way to those listed; none of their columns is needed. */
function withParents(columns: ColumnsByPath): ReadonlyMap<string, readonly string[]> {
  const byPath = new Map<string, readonly string[]>();
  for (const [path, names] of Object.entries(columns)) {
    const parts = path.split(".");
    for (let length = 1; length < parts.length; length++) {
      const parent = parts.slice(0, length).join(".");
      byPath.set(parent, columns[parent] ?? []);
    }
    byPath.set(path, names);
  }
  return byPath;
}

type Below<P extends string, C extends ColumnsByPath> = {
  readonly [K in keyof C & string as K extends "" ? P : `${P}.${K}`]: C[K];
};

/** Returns the same columns by the paths that they have below a relation. */
export function below<P extends string, C extends ColumnsByPath>(path: P, columns: C): Below<P, C> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, names]) => [name === "" ? path : `${path}.${name}`, names]),
  ) as Below<P, C>;
}

/** The type of what the needs read. */
export type TreeOfNeeds<N extends Needs<unknown>> = N extends Needs<infer T> ? T : never;
