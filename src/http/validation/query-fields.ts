import { z } from "zod";

/** What the API document says about a parameter. */
export interface Documented {
  readonly description: string;
  readonly example?: unknown;
  readonly default?: unknown;
}

type Read<T> = (value: unknown, refuse: (message: string, alone?: "alone") => void) => T;

/**
 * Returns the schema of an optional query parameter. `read` converts what was sent or refuses it in
 * Medusa's words: `$property` stands for the parameter's name, and an error refused as `alone`
 * hides all others of the request. `type` is its JSON Schema for the document.
 */
export function parameter<T>(documented: Documented, type: object, read: Read<T>) {
  const { description, example, default: preset } = documented;
  return z
    .unknown()
    .transform((value, context) =>
      read(value, (message, alone) =>
        context.addIssue({
          code: "custom",
          message,
          ...(alone ? { params: { alone: true } } : {}),
        }),
      ),
    )
    .optional()
    .meta({
      description,
      ...type,
      ...(example === undefined ? {} : { examples: [example] }),
      ...(preset === undefined ? {} : { default: preset }),
    });
}

/** A text; a list or an object is refused. */
export const text = (documented: Documented) =>
  parameter(documented, { type: "string" }, (value, refuse) => {
    if (typeof value === "string") return value;
    refuse("$property must be a string");
    return z.NEVER;
  });

/**
 * A list in any spelling (`a=x&a=y`, `a[]=x`, `a[0]=x`, `a[]=x,y`); a single plain value is
 * refused, as in Medusa.
 */
export const list = (documented: Documented) =>
  parameter(documented, { type: "array", items: { type: "string" } }, (value, refuse) => {
    if (isTexts(value)) return value;
    refuse("$property must be an array");
    return z.NEVER;
  });

/** `true` or `false` in any case; anything else counts as absent, as in Medusa. */
export const boolean = (documented: Documented) =>
  parameter(documented, { type: "boolean" }, (value) => truth(String(value).toLowerCase()));

/** `true` or `false` in lower case, on endpoints where Medusa ignores other spellings. */
export const exactBoolean = (documented: Documented) =>
  parameter(documented, { type: "boolean" }, (value) => truth(String(value)));

function truth(word: string): boolean | undefined {
  return word === "true" ? true : word === "false" ? false : undefined;
}

/** Which of Medusa's two messages an endpoint uses for a value that is not a number. */
export type NumberMessage = "conforming" | "integer";

/** The largest value of PostgreSQL's `integer`. */
const MAX_INTEGER = 2_147_483_647;

/**
 * `limit`: how many rows at most, an integer from 0 to `max`, parsed as by `Number()`. 0 means no
 * limit and returns up to `max` rows.
 */
export const limit = (max: number, preset: number, message: NumberMessage = "conforming") =>
  wholeNumber(
    {
      description: `How many rows at most, up to ${max}; 0 means ${max}.`,
      example: 12,
      default: preset,
    },
    max,
    message,
  );

/** `offset`: how many rows to skip, an integer. */
export const offset = (message: NumberMessage = "conforming") =>
  wholeNumber(
    { description: "How many rows to skip.", example: 0, default: 0 },
    MAX_INTEGER,
    message,
  );

/** The names that a view shows by default, and all that a request may name. */
interface Choice {
  readonly default: readonly string[];
  readonly allowed?: readonly string[] | undefined;
}

/**
 * `expand`: which relations to show; the document lists the allowed ones. Those that are shown in
 * any case are named in `always`.
 */
export const expand = ({ default: preset, allowed }: Choice, always: readonly string[] = []) =>
  text({
    description: [
      "Relations to show instead of the default ones, separated by commas; empty for none.",
      ...(always.length === 0 ? [] : [namesIn("Always shown", always)]),
      namesIn("Default", preset),
      allowed
        ? namesIn("Allowed", allowed)
        : "Any relation may be named, with dots up to five levels deep.",
    ].join(" "),
    example: preset.slice(0, 2).join(","),
  });

/** `fields`: which columns to show; the document lists the allowed ones. */
export const fields = ({ default: preset, allowed }: Choice) =>
  text({
    description: [
      "Columns to show instead of the default ones, separated by commas;",
      "`+x` and `-x` edit the default ones. Relations are not affected.",
      namesIn("Allowed", allowed ?? preset),
    ].join(" "),
    example: preset.slice(0, 3).join(","),
  });

function namesIn(title: string, names: readonly string[]): string {
  return names.length === 0
    ? `${title}: none.`
    : `${title}: ${names.map((name) => `\`${name}\``).join(", ")}.`;
}

/** A range of amounts in the smallest unit of the currency, with `gte`, `lte`, `gt`, `lt`. */
export const amounts = (documented: Documented) =>
  z
    .unknown()
    .superRefine((value, context) => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        context.addIssue({
          code: "custom",
          message: "$property takes operators: $property[gte]=1000&$property[lte]=5000",
          continue: false,
        });
      }
    })
    .pipe(z.strictObject({ lt: amount, gt: amount, gte: amount, lte: amount }))
    .optional()
    .meta({
      description: documented.description,
      type: "object",
      properties: Object.fromEntries(
        ["lt", "gt", "gte", "lte"].map((operator) => [operator, { type: "integer" }]),
      ),
      additionalProperties: false,
      ...(documented.example === undefined ? {} : { examples: [documented.example] }),
    });

function wholeNumber(documented: Documented, max: number, message: NumberMessage) {
  return parameter(documented, { type: "integer", minimum: 0, maximum: max }, (value, refuse) => {
    const number = typeof value === "string" ? Number(value) : Number.NaN;
    if (!Number.isFinite(number)) refuse(notANumber(message));
    else if (!Number.isInteger(number)) refuse("$property must be an integer number");
    else if (number < 0) refuse("$property must not be less than 0");
    else if (number > max) refuse(`$property must not be greater than ${max}`);
    return number;
  });
}

function notANumber(message: NumberMessage): string {
  return message === "integer"
    ? "$property must be an integer number"
    : "$property must be a number conforming to the specified constraints";
}

/** A bound of a range of amounts. */
const amount = wholeNumber(
  { description: "An amount in the smallest unit of the currency" },
  MAX_INTEGER,
  "conforming",
);

/** A date as filters accept it: ISO 8601 or Unix seconds. */
const dateBound = (readable: (value: string) => boolean) =>
  parameter({ description: "ISO 8601 or Unix seconds" }, { type: "string" }, (value, refuse) => {
    const date = typeof value === "string" && readable(value) ? parseDate(value) : undefined;
    if (date) return date;
    refuse("$property must be a Date instance");
    return z.NEVER;
  });

/** The range of dates that PostgreSQL and ISO 8601 with four digits for the year can express. */
const MAX_TIME_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const MIN_TIME_MS = Date.UTC(1, 0, 1);

function parseDate(value: string): Date | undefined {
  const parsed = new Date(value);
  const date = Number.isNaN(parsed.getTime()) ? new Date(Number(value) * 1000) : parsed;
  const time = date.getTime();
  return time >= MIN_TIME_MS && time <= MAX_TIME_MS ? date : undefined;
}

const boundsOf = (bound: ReturnType<typeof dateBound>) =>
  z.strictObject({ lt: bound, gt: bound, gte: bound, lte: bound });

/** The operators of a date range. */
export const dateBounds = boundsOf(dateBound((value) => value.trim() !== ""));

/** The same, but an empty bound means the beginning of Unix time, as in Medusa. */
const openDateBounds = boundsOf(dateBound(() => true));

/**
 * A date range with operators: `created_at[gt]=2024-01-01&created_at[lte]=1700000000`. An empty
 * bound means the beginning of Unix time, unless `range` is `dateBounds`.
 */
export const dateRange = (documented: Documented, range: typeof dateBounds = openDateBounds) =>
  z
    .unknown()
    .superRefine((value, context) => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        context.addIssue({
          code: "custom",
          message: "nested property $property must be either object or array",
          continue: false,
        });
      }
    })
    .pipe(range)
    .optional()
    .meta({
      description: documented.description,
      type: "object",
      properties: Object.fromEntries(
        ["lt", "gt", "gte", "lte"].map((operator) => [operator, { type: "string" }]),
      ),
      additionalProperties: false,
      ...(documented.example === undefined ? {} : { examples: [documented.example] }),
    });

/** Returns whether a value is a list of texts. */
export function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
