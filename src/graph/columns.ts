import type { Entity, Tree } from "./entity.ts";

/** Returns the names of an entity's columns. */
export function columnsOf<E extends Entity>(entity: E): readonly (keyof E["columns"] & string)[] {
  return Object.keys(entity.columns);
}

/** Copies the named columns and relations of a row, the hidden ones, too. */
export function pick<T extends object, K extends keyof T & string>(
  row: T,
  names: readonly K[],
): Pick<T, K> {
  const picked: Partial<Pick<T, K>> = {};
  for (const name of names) picked[name] = row[name];
  return picked as Pick<T, K>;
}

/** Copies what is shown of a row, with new values for those of the named ones that are shown. */
export function replaceShown(row: object, values: Tree): Tree {
  const copy: Tree = { ...row };
  for (const [name, value] of Object.entries(values)) if (name in copy) copy[name] = value;
  return copy;
}
