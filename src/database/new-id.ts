import { monotonicFactory } from "ulid";

const ulid = monotonicFactory();

/**
 * A fresh id in Medusa's form: its prefix and a ULID (`prod_01J…`), later ids sorting after earlier
 * ones within a process.
 */
export function newId(prefix: string): string {
  return `${prefix}_${ulid()}`;
}
