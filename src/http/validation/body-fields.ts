import isJwt from "validator/lib/isJWT.js";
import { type ZodType, z } from "zod";
import { isEmail } from "../../core/email.ts";
import { messagesOf } from "./validate.ts";

/**
 * Options for turning zod schemas into JSON Schema: as input, and any value where JSON Schema has
 * no equivalent.
 */
export const OF_INPUT = { io: "input", unrepresentable: "any" } as const;

/** What the API document says about a property of a body. */
export interface Documented {
  readonly description: string;
  readonly example?: unknown;
}

type ErrorsOf = (value: unknown) => readonly string[];

/**
 * Returns the schema of a property of a body. `errorsOf` returns Medusa's messages for all that is
 * wrong with a value, `$property` in them stands for its name. `type` is its JSON Schema for the
 * document. `read` converts a value; by default it stays as sent.
 */
function property<T>(
  { description, example }: Documented,
  type: object,
  errorsOf: ErrorsOf,
  read: (value: unknown) => T = (value) => value as T,
) {
  return z
    .unknown()
    .transform((value, context): T => {
      for (const message of errorsOf(value))
        context.addIssue({ code: "custom", message, input: value });
      return read(value);
    })
    .meta({ description, ...type, ...(example === undefined ? {} : { examples: [example] }) });
}

/** Returns the schema of an optional property. A null is accepted and stays null. */
function optional<T>(documented: Documented, type: { type: string }, errorsOf: ErrorsOf) {
  const orNull = { ...type, type: [type.type, "null"] };
  return property<T | null | undefined>(documented, orNull, (value) =>
    isAbsent(value) ? [] : errorsOf(value),
  ).optional();
}

/** Returns whether a value is undefined or null. */
export const isAbsent = (value: unknown): boolean => value === undefined || value === null;

const errorsOfText: ErrorsOf = (value) =>
  typeof value === "string" ? [] : ["$property must be a string"];
const errorsOfEmail: ErrorsOf = (value) =>
  typeof value === "string" && isEmail(value) ? [] : ["$property must be an email"];
const errorsOfObject: ErrorsOf = (value) =>
  isObject(value) ? [] : ["$property must be an object"];
const errorsOfEmptiness: ErrorsOf = (value) =>
  isAbsent(value) || value === "" ? ["$property should not be empty"] : [];
/** Returns whether a value is an object, but neither null nor a list. */
export const isObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A required text. */
export const text = (documented: Documented) =>
  property<string>(documented, { type: "string" }, errorsOfText);

/** An optional text. */
export const optionalText = (documented: Documented) =>
  optional<string>(documented, { type: "string" }, errorsOfText);

/** A required e-mail address. */
export const email = (documented: Documented) =>
  property<string>(documented, { type: "string", format: "email" }, errorsOfEmail);

/** An optional e-mail address. */
export const optionalEmail = (documented: Documented) =>
  optional<string>(documented, { type: "string" }, errorsOfEmail);

/** Any value that is not empty: Medusa checks no more of a password at login. */
export const notEmpty = (documented: Documented) =>
  property<unknown>(documented, { type: "string" }, (value) => errorsOfEmptiness(value));

/** A required JSON object with any properties. */
export const object = (documented: Documented) =>
  property<Record<string, unknown>>(documented, { type: "object" }, errorsOfObject);

/** An optional JSON object with any properties. */
export const optionalObject = (documented: Documented) =>
  optional<Record<string, unknown>>(documented, { type: "object" }, errorsOfObject);

/** An optional JSON value of any type. */
export const anything = (documented: Documented) =>
  property<unknown>(documented, {}, () => []).optional();

const errorsOfWholeNumber: ErrorsOf = (value) =>
  Number.isInteger(value) ? [] : ["$property must be an integer number"];

/** A required integer. */
export const wholeNumber = (documented: Documented) =>
  property<number>(documented, { type: "integer" }, errorsOfWholeNumber);

/** A required integer; if it is missing, Medusa also says that it should not be empty. */
export const filledNumber = (documented: Documented) =>
  property<number>(documented, { type: "integer" }, (value) => [
    ...errorsOfWholeNumber(value),
    ...errorsOfEmptiness(value),
  ]);

/** A required text; if it is missing, Medusa also says that it should not be empty. */
export const filledText = (documented: Documented) =>
  property<string>(documented, { type: "string" }, (value) => [
    ...errorsOfText(value),
    ...errorsOfEmptiness(value),
  ]);

/** A required text that is not empty; Medusa says this before it checks the type. */
export const nonEmptyText = (documented: Documented) =>
  property<string>(documented, { type: "string", minLength: 1 }, (value) => [
    ...errorsOfEmptiness(value),
    ...errorsOfText(value),
  ]);

/** A required quantity of at least 1. */
export const positiveInteger = (documented: Documented) =>
  property<number>(documented, { type: "integer", minimum: 1 }, (value) => {
    const isNumber = typeof value === "number";
    return [
      ...(isNumber && value >= 1 ? [] : ["$property must not be less than 1"]),
      ...(isNumber ? [] : ["$property must be a number conforming to the specified constraints"]),
      ...(isNumber && !Number.isInteger(value) ? ["$property must be an integer number"] : []),
    ];
  });

/** An optional list of objects with the same schema. A null is accepted and stays null. */
export const optionalList = <S extends ZodType>({ description }: Documented, schema: S) =>
  z
    .unknown()
    .transform((value, context) =>
      isAbsent(value) ? (value as null | undefined) : parseList(schema, value, context),
    )
    .optional()
    .meta({ description, type: ["array", "null"], items: z.toJSONSchema(schema, OF_INPUT) });

/** A required list of objects with the same schema. */
export const list = <S extends ZodType>({ description }: Documented, schema: S) =>
  z
    .unknown()
    .transform((value, context) => parseList(schema, value, context))
    .meta({ description, type: "array", items: z.toJSONSchema(schema, OF_INPUT) });

function parseList<S extends ZodType>(
  schema: S,
  value: unknown,
  context: z.RefinementCtx,
): z.output<S>[] {
  const refuse = (message: string) => context.addIssue({ code: "custom", message });
  if (!Array.isArray(value)) refuse("$property must be an array");
  if (value === undefined) return z.NEVER;
  const items: unknown[] = Array.isArray(value) ? value : [value];
  if (items.every(isObject)) return items.flatMap((item) => parseItem(schema, item, refuse));
  for (const _ of items.filter((item) => !isObject(item)))
    refuse("each value in nested property $property must be either object or array");
  return z.NEVER;
}

/** Returns the parsed item in a list, or refuses its errors and returns an empty list. */
export function parseItem<S extends ZodType>(
  schema: S,
  item: unknown,
  refuse: (message: string) => void,
): z.output<S>[] {
  const result = schema.safeParse(item);
  if (result.success) return [result.data];
  for (const message of messagesOf(result.error)) refuse(message);
  return [];
}

/** A required list of texts that are not empty; a single text counts as a list of one. */
export const texts = (documented: Documented) =>
  property<string[]>(
    documented,
    { type: "array", items: { type: "string", minLength: 1 } },
    (value) => {
      const list = listed(value);
      return [
        ...(list.every((item) => typeof item === "string")
          ? []
          : ["each value in $property must be a string"]),
        ...(list.some((item) => isAbsent(item) || item === "")
          ? ["each value in $property should not be empty"]
          : []),
      ];
    },
    (value) => listed(value) as string[],
  );

const listed = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** A required list of texts; a single text is refused. */
export const textList = (documented: Documented) =>
  property<string[]>(documented, { type: "array", items: { type: "string" } }, (value) => [
    ...(areTexts(value) ? [] : ["each value in $property must be a string"]),
    ...(Array.isArray(value) ? [] : ["$property must be an array"]),
  ]);

const areTexts = (value: unknown): boolean =>
  typeof value === "string" ||
  (Array.isArray(value) && value.every((item) => typeof item === "string"));

/**
 * A required list of objects with the same schema. Medusa refuses it with a JSON text that replaces
 * all other errors of the body and calls such an object `name`.
 */
export function listOf<S extends ZodType>({ description }: Documented, name: string, schema: S) {
  return z
    .unknown()
    .transform((value, context): z.output<S>[] => {
      const refuse = (details: Readonly<Record<string, readonly string[]>>) => {
        const message = JSON.stringify({ message: `$property must be one of: ${name}`, details });
        context.addIssue({ code: "custom", message, params: { alone: true } });
        return z.NEVER;
      };
      // "undefined" is Medusa's own name for the type of a value that is not a list.
      if (!Array.isArray(value)) return refuse({ undefined: [notAList(value)] });
      if (!value.every(isObject))
        return refuse({
          [name]: ["each value in nested property $property must be either object or array"],
        });
      const results = value.map((item: unknown) => schema.safeParse(item));
      const messages = results.flatMap(({ error }) => (error ? messagesOf(error) : []));
      return messages.length > 0
        ? refuse({ [name]: messages })
        : results.map(({ data }) => data as z.output<S>);
    })
    .meta({ description, type: "array", items: z.toJSONSchema(schema, OF_INPUT) });
}

function notAList(value: unknown): string {
  return typeof value === "string"
    ? "an unknown value was passed to the validate function"
    : "$property must be an array";
}

/** A text in the form of a JSON web token; its signature is not checked. */
export const webToken = (documented: Documented) =>
  property<string>(documented, { type: "string" }, (value) => [
    ...(typeof value === "string" && isJwt(value) ? [] : ["$property must be a jwt string"]),
    ...(isAbsent(value) || value === "" ? ["$property should not be empty"] : []),
  ]);
