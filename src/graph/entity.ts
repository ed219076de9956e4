/**
 * The value of a column in an answer: `time` is a timestamp (ISO 8601, milliseconds, Z), `decimal`
 * a numeric, `number` a float, `json` any JSON. A `?` marks a nullable column.
 */
export type ColumnType = BaseType | `${BaseType}?` | Choice;
type BaseType = "text" | "integer" | "bigint" | "number" | "decimal" | "boolean" | "time" | "json";

/** A column of an enum type: its words, in the database's order. */
export interface Choice<Nullable extends boolean = boolean> {
  readonly words: readonly string[];
  readonly nullable: Nullable;
}

/** Declares an enum column that is never null. */
export const oneOf = (...words: string[]): Choice<false> => ({ words, nullable: false });
/** Declares a nullable enum column. */
export const oneOfOrNull = (...words: string[]): Choice<true> => ({ words, nullable: true });

/** A column that the rows of a relation are sorted by. */
export interface RelationOrder {
  readonly column: string;
  readonly descending?: boolean;
}

interface Options {
  /** Includes soft-deleted rows. */
  readonly withDeleted?: boolean;
  /** Includes soft-deleted rows here and in all relations below. */
  readonly withDeletedBelow?: boolean;
  /** A condition that every row of the relation meets; `t` is the related table. */
  readonly where?: string;
  readonly order?: readonly RelationOrder[];
}

/**
 * The parent holds the key: `product.collection_id` → `product_collection.id`. The value is a row
 * or null.
 */
interface One<E extends string = string, F extends string = string> extends Options {
  readonly kind: "one";
  readonly entity: E;
  readonly from: F;
  readonly to: string;
}

/**
 * The children hold the key: `product_variant.product_id` → `product.id`. The value is a list; of
 * `only`, its first row or null.
 */
interface Many<K extends "many" | "only" = "many" | "only", E extends string = string>
  extends Options {
  readonly kind: K;
  readonly entity: E;
  readonly from: string;
  readonly to: string;
}

/** A join table holds both keys. The value is a list. */
interface Through<E extends string = string> extends Options {
  readonly kind: "through";
  readonly entity: E;
  readonly table: string;
  readonly from: string;
  readonly to: string;
}

export type Relation = One | Many | Through;

/** Declares the row that this row's `from` column points to. */
export const one = <
  E extends string,
  F extends string,
  const O extends Options & { to?: string } = Record<never, never>,
>(
  entity: E,
  from: F,
  options?: O,
): One<E, F> & O => ({ to: "id", ...(options as O), kind: "one", entity, from });

/** Declares the rows whose `to` column points to this row. */
export const many = <E extends string>(
  entity: E,
  to: string,
  options: Options = {},
): Many<"many", E> => ({ ...options, kind: "many", entity, from: "id", to });

/** Declares the one row whose `to` column points to this row. */
export const only = <E extends string>(
  entity: E,
  to: string,
  options: Options = {},
): Many<"only", E> => ({ ...options, kind: "only", entity, from: "id", to });

/**
 * Declares the rows that a join table links to this row: its `from` column holds this row's id, its
 * `to` column theirs.
 */
export const through = <E extends string>(
  entity: E,
  table: string,
  from: string,
  to: string,
  options: Options = {},
): Through<E> => ({ ...options, kind: "through", entity, table, from, to });

type Columns = Readonly<Record<string, ColumnType>>;
type Relations = Readonly<Record<string, Relation>>;

/** A table of the shop: the columns that may leave, and its relations to other tables. */
export interface Entity<
  N extends string = string,
  C extends Columns = Columns,
  R extends Relations = Relations,
  G extends string = string,
> {
  readonly name: N;
  readonly table: string;
  readonly columns: C;
  /** What answers add to a row that no column holds: calculated prices, totals. */
  readonly computed: Columns;
  /** Rows with `deleted_at` set count as deleted. */
  readonly softDelete: boolean;
  readonly relations: R;
  /** Relations that are always loaded with a row. */
  readonly eager: readonly G[];
  /** Returns what follows from the loaded columns and relations of a row, to be added to it. */
  readonly derive: ((row: Tree) => Tree) | undefined;
}

interface Declaration<C extends Columns, R extends Relations, G extends string> {
  readonly columns: C;
  readonly computed?: Columns;
  readonly relations?: R;
  readonly eager?: readonly G[];
  readonly derive?: (row: Tree) => Tree;
}

/** Declares the entity of a table. Soft delete follows from a `deleted_at` column. */
export function entity<
  N extends string,
  const C extends Columns,
  const R extends Relations = Record<never, never>,
  const G extends string = never,
>(table: N, declaration: Declaration<C, R, G>): Entity<N, C, R, G> {
  return {
    name: table,
    table,
    columns: declaration.columns,
    computed: declaration.computed ?? {},
    softDelete: "deleted_at" in declaration.columns,
    relations: declaration.relations ?? ({} as R),
    eager: declaration.eager ?? [],
    derive: declaration.derive,
  };
}

/** The TypeScript type of a column's values. */
export type Value<T extends ColumnType> = T extends Choice
  ? string | (T["nullable"] extends true ? null : never)
  : T extends `${infer B extends BaseType}?`
    ? Plain<B> | null
    : T extends BaseType
      ? Plain<T>
      : never;
type Plain<B extends BaseType> = B extends "text" | "time" | "bigint"
  ? string
  : B extends "integer" | "number" | "decimal"
    ? number
    : B extends "boolean"
      ? boolean
      : unknown;

/** A row of an entity with all its columns: `Row<typeof product>`. */
export type Row<E extends Entity> = { -readonly [K in keyof E["columns"]]: Value<E["columns"][K]> };

/** The key under which a loaded row keeps its hidden values: JSON skips it. */
export const HIDDEN: unique symbol = Symbol("hidden");

/** A loaded row whose columns and relations are only known at run time. */
export interface Tree {
  [name: string]: unknown;
  [HIDDEN]?: Record<string, unknown>;
}
