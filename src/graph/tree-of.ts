import type { Entity, Relation, Value } from "./entity.ts";
import type { EntityTypes } from "./schema.ts";

/** Column names by relation path, as they stand in the code; the root's path is "". */
export type ColumnsByPath = Readonly<Record<string, readonly string[]>>;

/** What a tree consists of, as literal types. Paths are absolute: `items.variant.product`. */
export interface Layout {
  /** The columns of some paths. */
  readonly columns: ColumnsByPath;
  /** Whether the paths without a list of columns have all of them or none. */
  readonly others: "all" | "none";
  /** The paths to single rows that are never null. */
  readonly required: string;
}

/**
 * The type of a loaded tree: the columns and relations of the row at `At`, with the relations at
 * the relative paths `P` below it.
 */
export type TreeOf<
  E extends Entity,
  P extends string,
  L extends Layout,
  At extends string = "",
> = string extends P ? never : Branch<E, P | E["eager"][number], L, At>;

type Branch<E extends Entity, P extends string, L extends Layout, At extends string> = {
  readonly [K in ColumnNames<E, L, At> | Head<P>]: K extends keyof E["columns"]
    ? Value<E["columns"][K]>
    : K extends keyof E["relations"] & string
      ? Related<E, E["relations"][K], Tail<P, K>, L, Join<At, K>>
      : never;
};

type Related<
  E extends Entity,
  R extends Relation,
  P extends string,
  L extends Layout,
  At extends string,
> = R["entity"] extends keyof EntityTypes
  ? R["kind"] extends "many" | "through"
    ? readonly TreeOf<EntityTypes[R["entity"]], P, L, At>[]
    :
        | TreeOf<EntityTypes[R["entity"]], P, L, At>
        | (At extends L["required"] ? never : IsAlwaysThere<E, R> extends true ? never : null)
  : never;

/**
 * A foreign key that is not null leads to a row, unless that row may be soft-deleted or filtered
 * out.
 */
type IsAlwaysThere<E extends Entity, R extends Relation> = R extends {
  readonly kind: "one";
  readonly from: infer F extends keyof E["columns"];
}
  ? R extends { readonly where: string }
    ? false
    : null extends Value<E["columns"][F]>
      ? false
      : R extends { readonly withDeleted: true } | { readonly withDeletedBelow: true }
        ? true
        : "deleted_at" extends keyof EntityTypes[R["entity"] & keyof EntityTypes]["columns"]
          ? false
          : true
  : false;

type ColumnNames<
  E extends Entity,
  L extends Layout,
  At extends string,
> = At extends keyof L["columns"]
  ? L["columns"][At][number]
  : L["others"] extends "all"
    ? keyof E["columns"] & string
    : never;

type Join<At extends string, K extends string> = At extends "" ? K : `${At}.${K}`;
/** `variants.prices` → `variants` */
export type Head<P extends string> = P extends `${infer H}.${string}` ? H : P;
/** `variants.prices` → `prices` */
type Tail<P extends string, H extends string> = P extends `${H}.${infer T}` ? T : never;
