import { type ParsedQs, parse } from "qs";
import { InvalidDataError } from "../../core/errors.ts";

/** More values or parameters than a client can mean. */
const MAX_PARAMETERS = 1000;

/**
 * Reads a query string as Medusa does: `created_at[gt]=`, `id=a&id=b`, `id[]=`, `id[0]=`. Names of
 * Object's own properties are dropped.
 * @throws InvalidData more than a thousand parameters, or values of one
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
        `The query string holds more than ${MAX_PARAMETERS} parameters or values`,
      );
    throw error;
  }
}

/**
 * Medusa's second step: a list of exactly one text is split at commas, so that `id[]=a,b` means
 * two.
 */
export function splitSingles(query: ParsedQs): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => {
      const [only] = Array.isArray(value) && value.length === 1 ? value : [];
      return [name, typeof only === "string" ? only.split(",") : value];
    }),
  );
}
