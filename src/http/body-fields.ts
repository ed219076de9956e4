import { type ZodType, z } from "zod";
import { isEmail } from "../email.ts";
import { faultsOf } from "./validate.ts";

/** What the API document says of a property of a body. */
interface Documented {
  readonly description: string;
  readonly example?: unknown;
}

type Faults = (value: unknown) => readonly string[];

/**
 * One property of a body, taken as it was sent unless it is to be `read` otherwise: `faults` gives Medusa's words for all that is wrong with it (`$property` stands for its
 * name), `type` is its JSON Schema for the document.
 */
function property<T>(
  { description, example }: Documented,
  type: object,
  faults: Faults,
  read: (value: unknown) => T = (value) => value as T,
) {
  return z
    .unknown()
    .transform((value, context): T => {
      for (const message of faults(value)) context.addIssue({ code: "custom", message, input: value });
      return read(value);
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
const faultsOfEmptiness: Faults = (value) => (isAbsent(value) || value === "" ? ["$property should not be empty"] : []);
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
  property<unknown>(documented, { type: "string" }, (value) => faultsOfEmptiness(value));

/** Any JSON object that must be there. */
export const object = (documented: Documented) =>
  property<Record<string, unknown>>(documented, { type: "object" }, faultsOfObject);

/** Any JSON object that may be left out. */
export const optionalObject = (documented: Documented) =>
  optional<Record<string, unknown>>(documented, { type: "object" }, faultsOfObject);

/** Any JSON value that may be left out. */
export const anything = (documented: Documented) => property<unknown>(documented, {}, () => []).optional();

const faultsOfWholeNumber: Faults = (value) => (Number.isInteger(value) ? [] : ["$property must be an integer number"]);

/** A whole number that must be there. */
export const wholeNumber = (documented: Documented) => property<number>(documented, { type: "integer" }, faultsOfWholeNumber);

/** A whole number, where Medusa also says that it is missing. */
export const filledNumber = (documented: Documented) =>
  property<number>(documented, { type: "integer" }, (value) => [...faultsOfWholeNumber(value), ...faultsOfEmptiness(value)]);

/** Text, where Medusa also says that it is missing. */
export const filledText = (documented: Documented) =>
  property<string>(documented, { type: "string" }, (value) => [...faultsOfText(value), ...faultsOfEmptiness(value)]);

/** Text, where Medusa first says that it is missing. */
export const nonEmptyText = (documented: Documented) =>
  property<string>(documented, { type: "string", minLength: 1 }, (value) => [
    ...faultsOfEmptiness(value),
    ...faultsOfText(value),
  ]);

/** A number of pieces, one at least. */
export const pieces = (documented: Documented) =>
  property<number>(documented, { type: "integer", minimum: 1 }, (value) => {
    const isNumber = typeof value === "number";
    return [
      ...(isNumber && value >= 1 ? [] : ["$property must not be less than 1"]),
      ...(isNumber ? [] : ["$property must be a number conforming to the specified constraints"]),
      ...(isNumber && !Number.isInteger(value) ? ["$property must be an integer number"] : []),
    ];
  });

/** A list of objects of one schema, which may be left out; null counts as left out, too, but arrives as null. */
export const optionalList = <S extends ZodType>({ description }: Documented, schema: S) =>
  z
    .unknown()
    .transform((value, context) => (isAbsent(value) ? (value as null | undefined) : parsedList(schema, value, context)))
    .optional()
    .meta({ description, type: ["array", "null"], items: z.toJSONSchema(schema, OF_INPUT) });

/** A list of objects of one schema that must be there. */
export const list = <S extends ZodType>({ description }: Documented, schema: S) =>
  z
    .unknown()
    .transform((value, context) => parsedList(schema, value, context))
    .meta({ description, type: "array", items: z.toJSONSchema(schema, OF_INPUT) });

function parsedList<S extends ZodType>(schema: S, value: unknown, context: z.RefinementCtx): z.output<S>[] {
  const refuse = (message: string) => context.addIssue({ code: "custom", message });
  if (!Array.isArray(value)) refuse("$property must be an array");
  if (value === undefined) return z.NEVER;
  const items: unknown[] = Array.isArray(value) ? value : [value];
  if (items.every(isObject)) return items.flatMap((item) => parsedItem(schema, item, refuse));
  for (const _ of items.filter((item) => !isObject(item)))
    refuse("each value in nested property $property must be either object or array");
  return z.NEVER;
}

function parsedItem<S extends ZodType>(schema: S, item: unknown, refuse: (message: string) => void): z.output<S>[] {
  const result = schema.safeParse(item);
  if (result.success) return [result.data];
  for (const fault of faultsOf(result.error)) refuse(fault);
  return [];
}

/** A list of texts, none of them empty; one text alone is a list of it. */
export const texts = (documented: Documented) =>
  property<string[]>(
    documented,
    { type: "array", items: { type: "string", minLength: 1 } },
    (value) => {
      const list = listed(value);
      return [
        ...(list.every((item) => typeof item === "string") ? [] : ["each value in $property must be a string"]),
        ...(list.some((item) => isAbsent(item) || item === "") ? ["each value in $property should not be empty"] : []),
      ];
    },
    (value) => listed(value) as string[],
  );

const listed = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** A list of texts that must be one. */
export const textList = (documented: Documented) =>
  property<string[]>(documented, { type: "array", items: { type: "string" } }, (value) => [
    ...(areTexts(value) ? [] : ["each value in $property must be a string"]),
    ...(Array.isArray(value) ? [] : ["$property must be an array"]),
  ]);

const areTexts = (value: unknown): boolean =>
  typeof value === "string" || (Array.isArray(value) && value.every((item) => typeof item === "string"));

/**
 * A list of objects of one schema that must be there. Medusa calls such an object `name` in its refusal, a JSON text that stands for every other fault of
 * the body.
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
      if (!Array.isArray(value)) return refuse({ undefined: [wordsForNoList(value)] });
      if (!value.every(isObject))
        return refuse({ [name]: ["each value in nested property $property must be either object or array"] });
      const results = value.map((item: unknown) => schema.safeParse(item));
      const faults = results.flatMap(({ error }) => (error ? faultsOf(error) : []));
      return faults.length > 0 ? refuse({ [name]: faults }) : results.map(({ data }) => data as z.output<S>);
    })
    .meta({ description, type: "array", items: z.toJSONSchema(schema, OF_INPUT) });
}

function wordsForNoList(value: unknown): string {
  if (typeof value === "string") return "an unknown value was passed to the validate function";
  return `Cannot read properties of ${value === null ? "null" : "undefined"} (reading 'constructor')`;
}

/** A JSON web token by its looks. */
export const webToken = (documented: Documented) =>
  property<string>(documented, { type: "string" }, (value) => [
    ...(typeof value === "string" && looksLikeToken(value) ? [] : ["$property must be a jwt string"]),
    ...(isAbsent(value) || value === "" ? ["$property should not be empty"] : []),
  ]);

function looksLikeToken(value: string): boolean {
  const parts = value.split(".");
  return parts.length === 3 && parts.every((part) => /^[\w-]*$/.test(part));
}

/** An object of its own schema that must be there; that it is missing goes without saying where other faults are named. */
export const nested = <S extends ZodType>({ description }: Documented, schema: S) =>
  z
    .unknown()
    .superRefine((value, context) => {
      if (isObject(value)) return;
      context.addIssue({
        code: "custom",
        message: "nested property $property must be either object or array",
        params: { minor: value === undefined },
        continue: false,
      });
    })
    .pipe(schema)
    .meta({ description, allOf: [z.toJSONSchema(schema, OF_INPUT)] });

/** An object of its own schema that may be left out; null counts as left out, too. */
export const optionalNested = <S extends ZodType>({ description }: Documented, schema: S) =>
  z
    .unknown()
    .transform((value, context): z.output<S> | undefined => {
      if (isAbsent(value)) return undefined;
      const refuse = (message: string) => context.addIssue({ code: "custom", message });
      if (isObject(value)) return parsedItem(schema, value, refuse)[0] ?? z.NEVER;
      refuse("nested property $property must be either object or array");
      return z.NEVER;
    })
    .optional()
    .meta({ description, anyOf: [z.toJSONSchema(schema, OF_INPUT), { type: "null" }] });

/**
 * An object or the id of one, which may be left out. Medusa calls the object `name` in its refusal, a JSON text that stands for every other
 * fault of the body.
 */
export function objectOrId<S extends ZodType>(documented: Documented, name: string, schema: S) {
  return z
    .unknown()
    .transform((value, context): z.output<S> | string | null | undefined => {
      if (isAbsent(value) || typeof value === "string") return value as null | undefined | string;
      const result = isObject(value) ? schema.safeParse(value) : undefined;
      if (result?.success) return result.data;
      const faults = result ? faultsOf(result.error).join(", ") : "an unknown value was passed to the validate function";
      const details = {
        String: [`String validation failed: ${String(value)} is not a string`],
        [name]: faults.split(",").filter(Boolean),
      };
      const message = JSON.stringify({ message: `$property must be one of: ${name},String`, details });
      context.addIssue({ code: "custom", message, params: { alone: true } });
      return z.NEVER;
    })
    .optional()
    .meta({
      description: documented.description,
      anyOf: [z.toJSONSchema(schema, OF_INPUT), { type: "string" }, { type: "null" }],
    });
}

const OF_INPUT = { io: "input", unrepresentable: "any" } as const;
