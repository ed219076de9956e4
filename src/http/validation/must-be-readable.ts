import { InvalidDataError } from "../../core/errors.ts";

/** Deeper than any client needs, shallow enough for recursive functions. */
const MAX_DEPTH = 100;

/**
 * Refuses input that PostgreSQL cannot store or that is too deep to process.
 * @throws InvalidDataError if the input contains a NUL character, a lone surrogate or a property
 * that could change an object's prototype, or is nested more than 100 levels deep
 */
export function mustBeReadable(input: unknown): void {
  const remaining: { value: unknown; depth: number }[] = [{ value: input, depth: 0 }];
  for (let next = remaining.pop(); next; next = remaining.pop()) {
    const { value, depth } = next;
    if (typeof value === "string") mustBeText(value);
    else if (typeof value === "object" && value !== null) {
      if (depth >= MAX_DEPTH)
        throw new InvalidDataError(`The request is nested more than ${MAX_DEPTH} levels deep`);
      for (const [key, child] of Object.entries(value)) {
        mustBeText(key);
        if (key === "__proto__")
          throw new InvalidDataError("The request contains a property named __proto__");
        remaining.push({ value: child, depth: depth + 1 });
      }
    }
  }
}

function mustBeText(text: string): void {
  if (text.includes("\0")) throw new InvalidDataError("The request contains a NUL character");
  if (!isWellFormed(text))
    throw new InvalidDataError("The request contains text that is not valid Unicode");
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
