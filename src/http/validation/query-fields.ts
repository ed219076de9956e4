import { z } from "zod";

/** What the API document says of a parameter. */
export interface Documented {
  readonly description: string;
  readonly example?: unknown;
  readonly default?: unknown;
}

type Read<T> = (value: unknown, refuse: (message: string, alone?: "alone") => void) => T;

/**
 * One optional query parameter: `read` turns what was sent into its value or refuses it in Medusa's
 * words (`$property` stands for the parameter's name; a fault that is refused `alone` hides all
 * others of the request), `type` is its JSON Schema for the document.
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

/** Text; a list or an object is refused. */
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

/** `true` or `false` in lower case, on endpoints where Medusa takes other cases for absent. */
export const exactBoolean = (documented: Documented) =>
  parameter(documented, { type: "boolean" }, (value) => truth(String(value)));

function truth(word: string): boolean | undefined {
  return word === "true" ? true : word === "false" ? false : undefined;
}

/** How an endpoint of Medusa words that something is no number. */
export type NumberWords = "conforming" | "integer";

/** The most rows that can be skipped: the largest integer PostgreSQL's `integer` holds. */
const MAX_INTEGER = 2_147_483_647;

/**
 * `limit`: how many rows at most, a whole number from 0 to `most`, read as JavaScript's `Number()`
 * does. 0 stands for "no limit" and gives up to `most` rows.
 */
export const limit = (max: number, preset: number, words: NumberWords = "conforming") =>
  wholeNumber(
    {
      description: `How many at most, up to ${max}; 0 gives as many as there are up to that.`,
      example: 12,
      default: preset,
    },
    max,
    words,
  );

/** `offset`: how many rows to skip, a whole number. */
export const offset = (words: NumberWords = "conforming") =>
  wholeNumber({ description: "How many to skip.", example: 0, default: 0 }, MAX_INTEGER, words);

/** What a view shows by default and what may be named. */
interface Choice {
  readonly default: readonly string[];
  readonly allowed?: readonly string[] | undefined;
}

/** `expand`: which relations to show; the document lists them. */
export const expand = ({ default: preset, allowed }: Choice) =>
  text({
    description: `Relations to show instead of the default ones, separated by commas; empty for none. ${listed("Default", preset)} ${allowed ? listed("Allowed", allowed) : "Any relation may be named, by dots up to five deep."}`,
    example: preset.slice(0, 2).join(","),
  });

/** `fields`: which columns to show; the document lists them. */
export const fields = ({ default: preset, allowed }: Choice) =>
  text({
    description: `Columns to show instead of the default ones, separated by commas; \`+x\` and \`-x\` edit the default ones. Relations are left as they are. ${listed("Allowed", allowed ?? preset)}`,
    example: preset.slice(0, 3).join(","),
  });

function listed(title: string, names: readonly string[]): string {
  return names.length === 0
    ? `${title}: none.`
    : `${title}: ${names.map((name) => `\`${name}\``).join(", ")}.`;
}

/**
 * An amount in the smallest unit of the currency, or a range of amounts by `gte`, `lte`, `gt`,
 * `lt`.
 */
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

function wholeNumber(documented: Documented, max: number, words: NumberWords) {
  return parameter(documented, { type: "integer", minimum: 0, maximum: max }, (value, refuse) => {
    const number = typeof value === "string" ? Number(value) : Number.NaN;
    if (!Number.isFinite(number)) refuse(noNumber(words));
    else if (!Number.isInteger(number)) refuse("$property must be an integer number");
    else if (number < 0) refuse("$property must not be less than 0");
    else if (number > max) refuse(`$property must not be greater than ${max}`);
    return number;
  });
}

function noNumber(words: NumberWords): string {
  return words === "integer"
    ? "$property must be an integer number"
    : "$property must be a number conforming to the specified constraints";
}

/** A bound of a range of amounts. */
const amount = wholeNumber(
  { description: "An amount in the smallest unit of the currency" },
  MAX_INTEGER,
  "conforming",
);

/** A moment as a filter takes it; ISO 8601 or unix seconds. */
const dateBound = (readable: (value: string) => boolean) =>
  parameter({ description: "ISO 8601 or unix seconds" }, { type: "string" }, (value, refuse) => {
    const date = typeof value === "string" && readable(value) ? parseDate(value) : undefined;
    if (date) return date;
    refuse("$property must be a Date instance");
    return z.NEVER;
  });

/** The latest moment that PostgreSQL and the ISO form with four digits of a year both hold. */
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

/** The operators of a range of time. */
export const dateBounds = boundsOf(dateBound((value) => value.trim() !== ""));

/** The same where an empty bound is the beginning of unix time, as in Medusa. */
const openDateBounds = boundsOf(dateBound(() => true));

/**
 * A range of time by operators: `created_at[gt]=2024-01-01&created_at[lte]=1700000000`. An empty
 * bound is the beginning of unix time, unless the endpoint's `range` is another.
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

/** Whether a value is a list of nothing but texts. */
export function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
