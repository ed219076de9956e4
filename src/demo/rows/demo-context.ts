import { newId } from "../../database/new-id.ts";

/** Rows of one table, in the order they are inserted. */
export interface TableRows {
  table: string;
  rows: readonly Record<string, unknown>[];
}

/**
 * The id of something of the demo shop: the same for the same prefix and key, so that any row can
 * name any other.
 */
export type DemoIds = (prefix: string, key: string) => string;

/** What the migrations have left in an empty database for a shop to stand on. */
export interface EmptyStore {
  storeId: string;
  salesChannelId: string;
  defaultProfileId: string;
  giftCardProfileId: string;
}

/** All that the rows of the demo shop depend on. */
export interface DemoContext extends EmptyStore {
  ids: DemoIds;
  now: Date;
  /** Where the server is reached, without a slash at the end. */
  publicUrl: string;
}

/** Fresh ids, remembered by prefix and key. */
export function demoIds(): DemoIds {
  const known = new Map<string, string>();
  return (prefix, key) => {
    const name = `${prefix} ${key}`;
    const id = known.get(name) ?? newId(prefix);
    known.set(name, id);
    return id;
  };
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The moment a number of days before `now`. */
export function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * DAY_MS);
}

/** Both timestamps of a row that was made some days before `now` and left alone since. */
export function madeBefore(now: Date, days: number): { created_at: Date; updated_at: Date } {
  const at = daysBefore(now, days);
  return { created_at: at, updated_at: at };
}
