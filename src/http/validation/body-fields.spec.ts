import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  email,
  listOf,
  notEmpty,
  optionalObject,
  optionalText,
  text,
  texts,
  webToken,
} from "./body-fields.ts";
import { nested, objectOrId } from "./nested-fields.ts";
import { validate } from "./validate.ts";

const documented = { description: "A property" };
const itemSchema = z.strictObject({ a: text(documented), b: optionalText(documented) });
const body = z.strictObject({
  address: nested({ description: "An address" }, itemSchema).optional(),
  either: objectOrId(documented, "Payload", itemSchema),
  name: optionalText(documented),
  email: email(documented).optional(),
  metadata: optionalObject(documented),
  ids: texts(documented).optional(),
});

const refusalOf = (schema: z.ZodType, input: unknown): string => {
  try {
    validate(schema, input);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};

const eitherRefusal = (details: object) =>
  JSON.stringify({ message: "either must be one of: Payload,String", details });

describe("a body", () => {
  it.each([
    [
      { name: null, metadata: null, either: null },
      { name: null, metadata: null, either: null },
    ],
    [
      { either: "id_1", ids: ["a"] },
      { either: "id_1", ids: ["a"] },
    ],
    [
      { either: { a: "x" }, ids: "a" },
      { either: { a: "x" }, ids: ["a"] },
    ],
    [{ address: { a: "", b: null } }, { address: { a: "", b: null } }],
  ])("accepts %j", (input, expected) => {
    expect(validate(body, input)).toEqual(expected);
  });

  it.each([
    [{ name: 1, wrong: 1 }, "property wrong should not exist, name must be a string"],
    [
      { address: { b: 1, c: 1 }, name: 1 },
      "property c should not exist, a must be a string, b must be a string, name must be a string",
    ],
    [{ address: [] }, "nested property address must be either object or array"],
    [{ metadata: [] }, "metadata must be an object"],
    [{ email: "ada" }, "email must be an email"],
    [{ ids: [7, ""] }, "each value in ids must be a string, each value in ids should not be empty"],
    [{ ids: { a: 1 } }, "each value in ids must be a string"],
    [
      { either: { c: 1 }, name: 1 },
      eitherRefusal({
        String: ["String validation failed: [object Object] is not a string"],
        Payload: ["property c should not exist", " a must be a string"],
      }),
    ],
    [
      { either: 17 },
      eitherRefusal({
        String: ["String validation failed: 17 is not a string"],
        Payload: ["an unknown value was passed to the validate function"],
      }),
    ],
  ])("refuses %j", (input, message) => {
    expect(refusalOf(body, input)).toBe(message);
  });

  it("reports a missing nested object only if there is no other error", () => {
    const wrapped = z.strictObject({ address: nested({ description: "An address" }, itemSchema) });
    expect(refusalOf(wrapped, {})).toBe("nested property address must be either object or array");
    expect(refusalOf(wrapped, { a: "x" })).toBe("property a should not exist");
  });

  it("refuses an empty password and an empty token", () => {
    const credentials = z.strictObject({
      password: notEmpty(documented),
      token: webToken(documented),
    });
    expect(refusalOf(credentials, { password: "", token: "" })).toBe(
      "password should not be empty, token must be a jwt string, token should not be empty",
    );
    expect(refusalOf(credentials, { password: 0, token: "abc" })).toBe(
      "token must be a jwt string",
    );
    expect(refusalOf(credentials, { password: false, token: "a.b.c" })).toBe("");
  });

  it.each([
    [{ items: "x" }, "an unknown value was passed to the validate function"],
    [{ items: null }, "items must be an array"],
    [{}, "items must be an array"],
  ])("refuses %j as a list, in a sentence", (input, sentence) => {
    const schema = z.strictObject({ items: listOf(documented, "Item", itemSchema) });
    const details = { undefined: [sentence] };
    expect(refusalOf(schema, input)).toBe(
      JSON.stringify({ message: "items must be one of: Item", details }),
    );
  });
});
