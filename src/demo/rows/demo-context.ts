import { createHash } from "node:crypto";
import { encodeTime } from "ulid";

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

/** The time in the ids of the demo shop: 1 January 2024. */
const IDS_FROM = Date.UTC(2024, 0, 1);

/**
 * Returns an id that follows from its prefix, key and rank, so that it is the same in every demo
 * shop: the examples of the API document name such ids. It is no secret, unlike other ids.
 */
export function demoId(prefix: string, key: string, rank = 0): string {
  const digest = createHash("sha256").update(`${prefix} ${key}`).digest();
  const letters = [...digest.subarray(0, 16)].map((byte) => CROCKFORD[byte % 32]);
  return `${prefix}_${encodeTime(IDS_FROM + rank, 10)}${letters.join("")}`;
}

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * Returns a function that generates ids. Those with one prefix ascend in the order in which they
 * are first asked for, since rows of one time are listed by their ids.
 */
export function demoIds(): DemoIds {
  const known = new Map<string, string>();
  const counts = new Map<string, number>();
  return (prefix, key) => {
    const name = `${prefix} ${key}`;
    const found = known.get(name);
    if (found) return found;
    const rank = (counts.get(prefix) ?? 0) + 1;
    counts.set(prefix, rank);
    const id = demoId(prefix, key, rank);
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
