import { type ZodType, z } from "zod";
import { type Documented, isAbsent, isObject, OF_INPUT, parseItem } from "./body-fields.ts";
import { messagesOf } from "./validate.ts";

/**
 * A required object with its own schema. If it is missing, this is reported only if the body has no
 * other error.
 */
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

/** An optional object with its own schema; null counts as absent. */
export const optionalNested = <S extends ZodType>({ description }: Documented, schema: S) =>
  z
    .unknown()
    .transform((value, context): z.output<S> | undefined => {
      if (isAbsent(value)) return undefined;
      const refuse = (message: string) => context.addIssue({ code: "custom", message });
      if (isObject(value)) return parseItem(schema, value, refuse)[0] ?? z.NEVER;
      refuse("nested property $property must be either object or array");
      return z.NEVER;
    })
    .optional()
    .meta({ description, anyOf: [z.toJSONSchema(schema, OF_INPUT), { type: "null" }] });

/**
 * What Medusa's refusal calls a value. It is never turned into text by its own methods, since a
 * client can send an object with a `toString` of any kind.
 */
function shownAs(value: unknown): string {
  if (Array.isArray(value))
    return value.map((item) => (isAbsent(item) ? "" : shownAs(item))).join(",");
  return typeof value === "object" ? "[object Object]" : String(value);
}

/**
 * An optional object with its own schema, or the id of one. Medusa refuses it with a JSON text that
 * replaces all other errors of the body and calls the object `name`.
 */
export function objectOrId<S extends ZodType>(documented: Documented, name: string, schema: S) {
  return z
    .unknown()
    .transform((value, context): z.output<S> | string | null | undefined => {
      if (isAbsent(value) || typeof value === "string") return value as null | undefined | string;
      const result = isObject(value) ? schema.safeParse(value) : undefined;
      if (result?.success) return result.data;
      const messages = result
        ? messagesOf(result.error).join(", ")
        : "an unknown value was passed to the validate function";
      const details = {
        String: [`String validation failed: ${shownAs(value)} is not a string`],
        [name]: messages.split(",").filter(Boolean),
      };
      const message = JSON.stringify({
        message: `$property must be one of: ${name},String`,
        details,
      });
      context.addIssue({ code: "custom", message, params: { alone: true } });
      return z.NEVER;
    })
    .optional()
    .meta({
      description: documented.description,
      anyOf: [z.toJSONSchema(schema, OF_INPUT), { type: "string" }, { type: "null" }],
    });
}
