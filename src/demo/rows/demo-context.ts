import { newId } from "../../database/new-id.ts";

/** Rows of a table, in the order in which they are inserted. */
export interface TableRows {
  table: string;
  rows: readonly Record<string, unknown>[];
}

/**
 * Returns the id of a row of the demo shop: always the same for the same prefix and key, so that
 * any row can refer to any other.
 */
export type DemoIds = (prefix: string, key: string) => string;

/** Ids of the rows that the migrations insert into an empty database. */
export interface EmptyStore {
  storeId: string;
  salesChannelId: string;
  defaultProfileId: string;
  giftCardProfileId: string;
}

/** What the rows of the demo shop depend on. */
export interface DemoContext extends EmptyStore {
  ids: DemoIds;
  now: Date;
  /** The server's public address, without a trailing slash. */
  publicUrl: string;
}

/** Returns a function that generates ids and remembers them by prefix and key. */
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

/** Returns the time a number of days before `now`. */
export function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * DAY_MS);
}

/** Returns the time a number of hours after `time`. */
export function hoursAfter(time: Date, hours: number): Date {
  return new Date(time.getTime() + hours * 60 * 60 * 1000);
}

/** Returns the timestamps of a row that was created `days` before `now` and not updated since. */
export function createdDaysAgo(now: Date, days: number): { created_at: Date; updated_at: Date } {
  const at = daysBefore(now, days);
  return { created_at: at, updated_at: at };
}

/** Returns the address of a picture of the demo shop. */
export function pictureUrl(publicUrl: string, file: string): string {
  return `${publicUrl}/demo/pictures/${file}`;
}
