/**
 * What a column holds, as it leaves the house: `time` is a timestamp (ISO 8601, milliseconds, Z),
 * `decimal` a numeric, `number` a float, `json` any JSON. A `?` marks a column that may be null.
 */
export type ColumnType = BaseType | `${BaseType}?` | Choice;
type BaseType = "text" | "integer" | "bigint" | "number" | "decimal" | "boolean" | "time" | "json";

/** A column of an enum type: its words, in the database's order. */
export interface Choice {
  readonly words: readonly string[];
  readonly nullable: boolean;
}

/** An enum column that is never null. */
export const oneOf = (...words: string[]): Choice => ({ words, nullable: false });
/** An enum column that may be null. */
export const oneOfOrNull = (...words: string[]): Choice => ({ words, nullable: true });

/** A column that the rows of a relation are sorted by. */
export interface RelationOrder {
  readonly column: string;
  readonly descending?: boolean;
}

interface RelationBase {
  readonly entity: string;
  /** Rows that were soft-deleted count, too. */
  readonly withDeleted?: boolean;
  /** Rows that were soft-deleted count, here and in all relations below. */
  readonly withDeletedBelow?: boolean;
  /**
   * Never opened by a client's `expand` or `fields` where a view names no allowed ones: it leads to
   * rows that are not the asker's business.
   */
  readonly closed?: boolean;
  /** A condition that every row of the relation meets; `t` is the related table. */
  readonly where?: string;
  readonly order?: readonly RelationOrder[];
}

/**
 * Parent holds the key: `product.collection_id` → `product_collection.id`. Null when there is none.
 */
interface One extends RelationBase {
  readonly kind: "one";
  readonly from: string;
  readonly to: string;
}

/**
 * Children hold the key: `product_variant.product_id` → `product.id`. A list; `only` is the first
 * of it, or null.
 */
interface Many extends RelationBase {
  readonly kind: "many" | "only";
  readonly from: string;
  readonly to: string;
}

/** A table between the two holds both keys. A list. */
interface Through extends RelationBase {
  readonly kind: "through";
  readonly table: string;
  readonly from: string;
  readonly to: string;
}

export type Relation = One | Many | Through;

type Options = Pick<
  RelationBase,
  "withDeleted" | "withDeletedBelow" | "closed" | "where" | "order"
>;

/** The row that this row's `from` column points to. */
export const one = (
  entity: string,
  from: string,
  options: Options & { to?: string } = {},
): Relation => ({
  to: "id",
  ...options,
  kind: "one",
  entity,
  from,
});
/** The rows whose `to` column points to this row. */
export const many = (entity: string, to: string, options: Options = {}): Relation => ({
  ...options,
  kind: "many",
  entity,
  from: "id",
  to,
});
/** The one row whose `to` column points to this row. */
export const only = (entity: string, to: string, options: Options = {}): Relation => ({
  ...options,
  kind: "only",
  entity,
  from: "id",
  to,
});
/**
 * The rows that `table` ties to this row: its `from` column holds this row's id, its `to` column
 * theirs.
 */
export const through = (
  entity: string,
  table: string,
  from: string,
  to: string,
  options: Options = {},
): Relation => ({
  ...options,
  kind: "through",
  entity,
  table,
  from,
  to,
});

type Columns = Readonly<Record<string, ColumnType>>;

/**
 * A table of the shop: the columns that may leave, and how its rows hang together with those of
 * other tables.
 */
export interface Entity<C extends Columns = Columns> {
  readonly name: string;
  readonly table: string;
  readonly columns: C;
  /** What answers add to a row that no column holds: calculated prices, totals. */
  readonly computed: Columns;
  /** Rows with `deleted_at` set are gone. */
  readonly softDelete: boolean;
  readonly relations: Readonly<Record<string, Relation>>;
  /** Relations that always come with a row. */
  readonly eager: readonly string[];
  /** Adds to a loaded row what follows from its columns and what hangs on it. */
  readonly derive: ((row: Tree) => void) | undefined;
}

interface Declaration<C extends Columns> {
  readonly columns: C;
  readonly computed?: Columns;
  readonly relations?: Readonly<Record<string, Relation>>;
  readonly eager?: readonly string[];
  readonly derive?: (row: Tree) => void;
}

/** Declares the entity of a table. Soft delete follows from a `deleted_at` column. */
export function entity<const C extends Columns>(
  table: string,
  declaration: Declaration<C>,
): Entity<C> {
  return {
    name: table,
    table,
    columns: declaration.columns,
    computed: declaration.computed ?? {},
    softDelete: "deleted_at" in declaration.columns,
    relations: declaration.relations ?? {},
    eager: declaration.eager ?? [],
    derive: declaration.derive,
  };
}

type Value<T extends ColumnType> = T extends Choice
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

/** Where a loaded row keeps what never leaves: JSON skips it. */
export const HIDDEN: unique symbol = Symbol("hidden");

/** A loaded row of any entity, its relations hanging on it by name. */
export interface Tree {
  [name: string]: unknown;
  [HIDDEN]?: Record<string, unknown>;
}

/** A column or relation of a loaded row, whether it is shown or only needed. */
export function field<T>(row: Tree, name: string): T {
  return (name in row ? row[name] : row[HIDDEN]?.[name]) as T;
}
