import { type ParsedQs, parse } from "qs";
import { InvalidDataError } from "../../core/errors.ts";

/** More parameters or values of one than any client needs. */
const MAX_PARAMETERS = 1000;

/**
 * Parses a query string as Medusa does: `created_at[gt]=`, `id=a&id=b`, `id[]=`, `id[0]=`. Names of
 * Object's own properties are dropped.
 * @throws InvalidDataError if there are more than 1,000 parameters, or values of one parameter
 */
export function parseQuery(text: string): ParsedQs {
  try {
    return parse(text, {
      arrayLimit: MAX_PARAMETERS,
      parameterLimit: MAX_PARAMETERS,
      throwOnLimitExceeded: true,
      depth: 5,
    });
  } catch (error) {
    if (error instanceof RangeError)
      throw new InvalidDataError(
        `The query string has more than ${MAX_PARAMETERS} parameters or values`,
      );
    throw error;
  }
}

/** Splits each list of exactly one text at its commas, as Medusa does: `id[]=a,b` is two values. */
export function splitSingles(query: ParsedQs): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => {
      const [only] = Array.isArray(value) && value.length === 1 ? value : [];
      return [name, typeof only === "string" ? only.split(",") : value];
    }),
  );
}
