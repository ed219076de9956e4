import { InvalidDataError } from "./errors.ts";

/** How large a JSON value that only clients understand may be: metadata, a context, data. */
export interface JsonBounds {
  /** In bytes of UTF-8, as JSON text. */
  readonly bytes: number;
  /** How many objects and lists may be inside one another. */
  readonly depth: number;
}

/**
 * Refuses a JSON value that is too large or nested too deeply. `name` begins the message. A value
 * that takes the place of a larger one, `before`, may be too large, since it shrinks.
 * @throws InvalidDataError
 */
export function mustFitJson(
  name: string,
  value: unknown,
  { bytes, depth }: JsonBounds,
  before?: unknown,
): void {
  if (isDeeperThan(value, depth))
    throw new InvalidDataError(`${name} must not be nested more than ${depth} levels deep`);
  const size = jsonBytes(value);
  if (size > bytes && size > jsonBytes(before))
    throw new InvalidDataError(`${name} must not be larger than ${bytes} bytes of JSON`);
}

/** Returns the size of a value as JSON text, in bytes of UTF-8. */
export function jsonBytes(value: unknown): number {
  return value === undefined || value === null ? 0 : Buffer.byteLength(JSON.stringify(value));
}

/** Walks with a stack of its own: a value from a client may be too deep for recursion. */
function isDeeperThan(value: unknown, depth: number): boolean {
  const rest: [unknown, number][] = [[value, 0]];
  for (let next = rest.pop(); next; next = rest.pop()) {
    const [at, level] = next;
    if (typeof at !== "object" || at === null) continue;
    if (level >= depth) return true;
    for (const child of Object.values(at)) rest.push([child, level + 1]);
  }
  return false;
}
