import stringify from "safe-stable-stringify";

/** How a key of an entry differs from the database. A list says what comes and what goes. */
export type FieldChange =
  | { readonly key: string; readonly before: unknown; readonly after: unknown }
  | {
      readonly key: string;
      readonly added: readonly string[];
      readonly removed: readonly string[];
    };

/** Returns how the keys that an entry gives differ from what is there; lists have no order. */
export function changesOf(before: object, entry: object): FieldChange[] {
  return Object.entries(entry).flatMap(([key, after]) =>
    changeOf(key, Reflect.get(before, key), after),
  );
}

function changeOf(key: string, before: unknown, after: unknown): FieldChange[] {
  if (Array.isArray(before) || Array.isArray(after)) {
    const [former, wanted] = [linesOf(before), linesOf(after)];
    const added = [...wanted].filter((line) => !former.has(line));
    const removed = [...former].filter((line) => !wanted.has(line));
    return added.length + removed.length === 0 ? [] : [{ key, added, removed }];
  }
  const [former = null, wanted = null] = [before, after];
  return stringify(former) === stringify(wanted) ? [] : [{ key, before: former, after: wanted }];
}

function linesOf(list: unknown): Set<string> {
  return new Set(Array.isArray(list) ? list.map(lineOf) : []);
}

/** Writes one element of a list: a price as `SHIRT-S 1900 eur`. */
function lineOf(element: unknown): string {
  if (typeof element !== "object" || element === null) return String(element);
  return Object.entries(element)
    .filter(([, value]) => value !== undefined && value !== null)
    .sort(([one], [other]) => rankOf(one) - rankOf(other) || (one < other ? -1 : 1))
    .map(([key, value]) => wordsOf(key, value))
    .join(" ");
}

/** What a person reads first. The other keys follow in the order of the alphabet. */
const FIRST_KEYS = ["sku", "amount", "currency", "region", "operator"];

function rankOf(key: string): number {
  const place = FIRST_KEYS.indexOf(key);
  return place === -1 ? FIRST_KEYS.length : place;
}

function wordsOf(key: string, value: unknown): string {
  if (Array.isArray(value)) return `${key} ${[...value].sort().join(", ")}`;
  return FIRST_KEYS.includes(key) ? String(value) : `${key} ${value}`;
}
