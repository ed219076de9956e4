import { monotonicFactory } from "ulid";

const ulid = monotonicFactory();

/**
 * Returns a new id in Medusa's form: a prefix and a ULID (`prod_01J…`). Within a process, later ids
 * sort after earlier ones.
 */
export function newId(prefix: string): string {
  return `${prefix}_${ulid()}`;
}
