import { randomUUID } from "node:crypto";
import { ulid } from "ulid";
import type { Recorded } from "./record-statements.ts";

/** What a shop's program makes up: ids with ULIDs, and UUIDs. */
const MADE_UP = /\b[a-z]+_[0-9A-HJKMNP-TV-Z]{26}\b|\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/g;

/** Returns every id in the values of statements. */
export function idsIn(statements: readonly Recorded[]): Set<string> {
  const ids = statements.flatMap(({ text, values }) => `${text}${textOf(values)}`.match(MADE_UP));
  return new Set(ids.filter((id) => id !== null));
}

const textOf = (values: unknown) => JSON.stringify(values);

/**
 * Returns recorded statements in which each id that `isOwn` has been replaced by a fresh one of the
 * same kind, the same one everywhere: `freshIds` is filled with them.
 */
export function withFreshIds(
  statements: readonly Recorded[],
  isOwn: (id: string) => boolean,
  freshIds: Map<string, string>,
): Recorded[] {
  const fresh = (id: string): string => {
    if (!isOwn(id)) return id;
    const known = freshIds.get(id);
    if (known) return known;
    const made = id.includes("_") ? `${id.slice(0, id.lastIndexOf("_"))}_${ulid()}` : randomUUID();
    freshIds.set(id, made);
    return made;
  };
  const replaced = (value: unknown): unknown => {
    if (typeof value === "string") return value.replace(MADE_UP, fresh);
    if (Array.isArray(value)) return value.map(replaced);
    if (value === null || typeof value !== "object" || value instanceof Date) return value;
    if (Buffer.isBuffer(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [replaced(name), replaced(each)]),
    );
  };
  return statements.map((statement) => ({
    ...statement,
    text: statement.text.replace(MADE_UP, fresh),
    values: statement.values.map(replaced),
  }));
}
