import { z } from "zod";
import { isEmail } from "./email.ts";

/** What the API document says of a property of a body. */
interface Documented {
  readonly description: string;
  readonly example?: unknown;
}

type Faults = (value: unknown) => readonly string[];

/**
 * One property of a body, taken as it was sent: `faults` gives Medusa's words for all that is wrong with it (`$property` stands for its
 * name), `type` is its JSON Schema for the document.
 */
function property<T>({ description, example }: Documented, type: object, faults: Faults) {
  return z
    .unknown()
    .transform((value, context): T => {
      for (const message of faults(value)) context.addIssue({ code: "custom", message, input: value });
      return value as T;
    })
    .meta({ description, ...type, ...(example === undefined ? {} : { examples: [example] }) });
}

/** A property that may be left out; null counts as left out, too, but arrives as null. */
function optional<T>(documented: Documented, type: { type: string }, faults: Faults) {
  const orNull = { ...type, type: [type.type, "null"] };
  return property<T | null | undefined>(documented, orNull, (value) => (isAbsent(value) ? [] : faults(value))).optional();
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

const faultsOfText: Faults = (value) => (typeof value === "string" ? [] : ["$property must be a string"]);
const faultsOfEmail: Faults = (value) => (typeof value === "string" && isEmail(value) ? [] : ["$property must be an email"]);
const faultsOfObject: Faults = (value) => (isObject(value) ? [] : ["$property must be an object"]);
const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);

/** Text that must be there. */
export const text = (documented: Documented) => property<string>(documented, { type: "string" }, faultsOfText);

/** Text that may be left out. */
export const optionalText = (documented: Documented) => optional<string>(documented, { type: "string" }, faultsOfText);

/** An e-mail address that must be there. */
export const email = (documented: Documented) => property<string>(documented, { type: "string", format: "email" }, faultsOfEmail);

/** An e-mail address that may be left out. */
export const optionalEmail = (documented: Documented) => optional<string>(documented, { type: "string" }, faultsOfEmail);

/** Anything but nothing: Medusa asks no more of a password at login. */
export const notEmpty = (documented: Documented) =>
  property<unknown>(documented, { type: "string" }, (value) =>
    isAbsent(value) || value === "" ? ["$property should not be empty"] : [],
  );

/** Any JSON object that may be left out. */
export const optionalObject = (documented: Documented) =>
  optional<Record<string, unknown>>(documented, { type: "object" }, faultsOfObject);
