import { type ParsedQs, parse } from "qs";
import { InvalidData } from "../errors.ts";

/** More values or parameters than a client can mean. */
const MOST = 1000;

/**
 * Reads a query string as Medusa does: `created_at[gt]=`, `id=a&id=b`, `id[]=`, `id[0]=`. Names of Object's own properties are dropped.
 * @throws InvalidData more than a thousand parameters, or values of one
 */
export function parseQuery(text: string): ParsedQs {
  try {
    return parse(text, { arrayLimit: MOST, parameterLimit: MOST, throwOnLimitExceeded: true, depth: 5 });
  } catch (error) {
    if (error instanceof RangeError) throw new InvalidData(`The query string holds more than ${MOST} parameters or values`);
    throw error;
  }
}

/** Medusa's second step: a list of exactly one text is split at commas, so that `id[]=a,b` means two. */
export function splitSingles(query: ParsedQs): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => {
      const [only] = Array.isArray(value) && value.length === 1 ? value : [];
      return [name, typeof only === "string" ? only.split(",") : value];
    }),
  );
}
