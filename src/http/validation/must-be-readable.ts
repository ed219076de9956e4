import { InvalidDataError } from "../../core/errors.ts";

/** Deeper than any client means, shallow enough for whatever walks the value after us. */
const MAX_DEPTH = 100;

/**
 * Refuses input that PostgreSQL cannot hold or programs cannot walk: NUL characters, halves of
 * surrogate pairs, JSON nested more than a hundred levels deep.
 * @throws InvalidData
 */
export function mustBeReadable(sent: unknown): void {
  const rest: { value: unknown; depth: number }[] = [{ value: sent, depth: 0 }];
  for (let next = rest.pop(); next; next = rest.pop()) {
    const { value, depth } = next;
    if (typeof value === "string") mustBeText(value);
    else if (typeof value === "object" && value !== null) {
      if (depth >= MAX_DEPTH)
        throw new InvalidDataError(`The request is nested more than ${MAX_DEPTH} levels deep`);
      for (const [key, child] of Object.entries(value)) {
        mustBeText(key);
        rest.push({ value: child, depth: depth + 1 });
      }
    }
  }
}

function mustBeText(text: string): void {
  if (text.includes("\0")) throw new InvalidDataError("The request holds a NUL character");
  if (!isWellFormed(text))
    throw new InvalidDataError("The request holds text that is not valid Unicode");
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
