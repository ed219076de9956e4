import { InvalidDataError } from "../../core/errors.ts";
import { type JsonBounds, mustFitJson } from "../../core/json-bounds.ts";

/** How large the values in a body may be. */
export interface BodyBounds {
  /** Of one text, in bytes of UTF-8. */
  readonly text: number;
  /** Of one value that only the client understands. */
  readonly metadata: JsonBounds;
}

/** The properties that hold any JSON value, whatever body they are in. */
export const FREE_FORM: ReadonlySet<string> = new Set(["metadata", "context", "data", "filter"]);

/** The texts that are compared and never stored as they came: the body's own bound is enough. */
const NEVER_STORED: ReadonlySet<string> = new Set(["password", "token"]);

/**
 * Refuses a body in which a text, or a value of any form, is larger than the shop takes. This is
 * the only place where the size of what is sent is decided, for every operation. The body is
 * nested no deeper than `mustBeReadable` allows.
 * @throws InvalidDataError
 */
export function mustBeWithinBounds(body: unknown, bounds: BodyBounds, name = "The body"): void {
  if (typeof body === "string" && Buffer.byteLength(body) > bounds.text)
    throw new InvalidDataError(`${name} must not be longer than ${bounds.text} bytes`);
  if (typeof body !== "object" || body === null) return;
  for (const [key, value] of Object.entries(body)) {
    if (NEVER_STORED.has(key) && typeof value === "string") continue;
    if (FREE_FORM.has(key)) mustFitJson(key, value, bounds.metadata);
    else mustBeWithinBounds(value, bounds, Array.isArray(body) ? name : key);
  }
}
