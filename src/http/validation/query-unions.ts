import type { ZodType } from "zod";
import { z } from "zod";
import type { DateRange } from "../../core/date-range.ts";
import { InvalidDataError } from "../../core/errors.ts";
import { type Documented, dateBounds, isTexts, parameter } from "./query-fields.ts";
import { validate } from "./validate.ts";

/** A range of texts, or parts that a text contains, as filters send them; the case is ignored. */
export interface TextRange {
  readonly lt?: string | undefined;
  readonly gt?: string | undefined;
  readonly gte?: string | undefined;
  readonly lte?: string | undefined;
  readonly contains?: string | undefined;
  readonly starts_with?: string | undefined;
  readonly ends_with?: string | undefined;
}

/** A range of numbers as filters send it. */
export interface NumberRange {
  readonly lt?: number | undefined;
  readonly gt?: number | undefined;
  readonly gte?: number | undefined;
  readonly lte?: number | undefined;
}

/**
 * One of the types that a parameter may have: its `name` in refusals, the `key` under which they
 * list its errors, its JSON Schema, and how a value is read.
 */
interface Kind<T> {
  readonly name: string;
  readonly key: string;
  readonly type: object;
  readonly read: (value: unknown) => { readonly value: T } | { readonly errors: readonly string[] };
}

/** A text or a list of texts, always read as a list. */
export const textOrList = (documented: Documented) =>
  oneOf<string[]>(documented, oneText, manyTexts);

/** A text, a list of texts, or a range (`value[contains]=wool`). */
export const textFilter = (documented: Documented) =>
  oneOf<string[] | TextRange>(documented, oneText, manyTexts, textRange);

/** A number, or a range of numbers (`inventory_quantity[gt]=0`). */
export const numberFilter = (documented: Documented) =>
  oneOf<number | NumberRange>(documented, oneNumber, numberRange);

/** A date range, on endpoints that report its errors as those of a type. */
export const dateFilter = (documented: Documented) => oneOf<DateRange>(documented, dateOperators);

/**
 * Returns the schema of a parameter that has one of several types. A value of no type is refused
 * with a JSON text that lists the errors for each type and hides all other errors, as in Medusa.
 */
function oneOf<T>(documented: Documented, ...kinds: readonly Kind<T>[]) {
  const [only, ...others] = kinds.map((kind) => kind.type);
  return parameter(
    documented,
    others.length > 0 ? { anyOf: [only, ...others] } : { ...only },
    (value, refuse) => {
      const details: Record<string, readonly string[]> = {};
      for (const kind of kinds) {
        const read = kind.read(value);
        if ("value" in read) return read.value;
        if (read.errors.length > 0) details[kind.key] = read.errors;
      }
      const message = `$property must be one of: ${kinds.map((kind) => kind.name).join(",")}`;
      refuse(JSON.stringify({ message, details }), "alone");
      return z.NEVER;
    },
  );
}

const oneText: Kind<string[]> = {
  name: "String",
  key: "String",
  type: { type: "string" },
  read: (value) =>
    typeof value === "string"
      ? { value: [value] }
      : { errors: wrongType("String", value, "a string") },
};

const manyTexts: Kind<string[]> = {
  name: "String",
  // Medusa's own key for a list.
  key: "undefined",
  type: { type: "array", items: { type: "string" } },
  read: (value) => {
    if (isTexts(value)) return { value };
    return { errors: Array.isArray(value) ? [] : ["$property must be an array"] };
  },
};

const oneNumber: Kind<number> = {
  name: "Number",
  key: "Number",
  type: { type: "number" },
  read: (value) => {
    const single = Array.isArray(value) && value.length === 1 ? value[0] : value;
    const number = numberIn(single);
    return number === undefined
      ? { errors: wrongType("Number", value, "a number") }
      : { value: number };
  },
};

function wrongType(type: string, value: unknown, what: string): string[] {
  return split(`${type} validation failed: ${value} is not ${what}`);
}

function numberIn(value: unknown): number | undefined {
  if (typeof value !== "string" || value.trim() === "") return;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

const part = z.string({ error: "$property must be a string" }).optional();
const textRange = operators<TextRange>(
  "StringComparisonOperator",
  z.strictObject({
    lt: part,
    gt: part,
    gte: part,
    lte: part,
    contains: part,
    starts_with: part,
    ends_with: part,
  }),
  { type: "string" },
);

const bound = parameter({ description: "A number" }, { type: "number" }, (value, refuse) => {
  const number = numberIn(value);
  if (number === undefined)
    refuse("$property must be a number conforming to the specified constraints");
  return number;
});
const numberRange = operators<NumberRange>(
  "NumericalComparisonOperator",
  z.strictObject({ lt: bound, gt: bound, gte: bound, lte: bound }),
  { type: "number" },
);

const dateOperators = operators<DateRange>("DateComparisonOperator", dateBounds, {
  type: "string",
});

/** Returns the kind of an object of operators; `operand` is the JSON Schema of their values. */
function operators<T>(
  name: string,
  schema: ZodType<T> & { shape: object },
  operand: object,
): Kind<T> {
  const names = Object.keys(schema.shape);
  return {
    name,
    key: name,
    type: {
      type: "object",
      properties: Object.fromEntries(names.map((operator) => [operator, operand])),
      additionalProperties: false,
    },
    read: (value) => {
      if (typeof value !== "object" || value === null || Array.isArray(value))
        return { errors: ["an unknown value was passed to the validate function"] };
      try {
        return { value: validate(schema, value) };
      } catch (error) {
        if (error instanceof InvalidDataError) return { errors: split(error.message) };
        throw error;
      }
    },
  };
}

/** Splits a message at its commas, as Medusa does, wherever they stand. */
function split(message: string): string[] {
  return message.split(",").filter(Boolean);
}
