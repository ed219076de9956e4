import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  email,
  notEmpty,
  optionalObject,
  optionalText,
  text,
  texts,
  webToken,
} from "./body-fields.ts";
import { nested, objectOrId } from "./nested-fields.ts";
import { validate } from "./validate.ts";

const documented = { description: "It" };
const itemSchema = z.strictObject({ a: text(documented), b: optionalText(documented) });
const body = z.strictObject({
  address: nested({ description: "An address" }, itemSchema).optional(),
  either: objectOrId(documented, "Payload", itemSchema),
  name: optionalText(documented),
  email: email(documented).optional(),
  metadata: optionalObject(documented),
  ids: texts(documented).optional(),
});

const refusal = (schema: z.ZodType, sent: unknown): string => {
  try {
    validate(schema, sent);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};

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
  ])("%j is read", (sent, read) => {
    expect(validate(body, sent)).toEqual(read);
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
      '{"message":"either must be one of: Payload,String","details":{"String":["String validation failed: [object Object] is not a string"],"Payload":["property c should not exist"," a must be a string"]}}',
    ],
    [
      { either: 17 },
      '{"message":"either must be one of: Payload,String","details":{"String":["String validation failed: 17 is not a string"],"Payload":["an unknown value was passed to the validate function"]}}',
    ],
  ])("%j is refused", (sent, message) => {
    expect(refusal(body, sent)).toBe(message);
  });

  it("that lacks its only part says so, unless something else is wrong", () => {
    const wrapped = z.strictObject({ address: nested({ description: "An address" }, itemSchema) });
    expect(refusal(wrapped, {})).toBe("nested property address must be either object or array");
    expect(refusal(wrapped, { a: "x" })).toBe("property a should not exist");
  });

  it("needs a password and a token to be something", () => {
    const proof = z.strictObject({ password: notEmpty(documented), token: webToken(documented) });
    expect(refusal(proof, { password: "", token: "" })).toBe(
      "password should not be empty, token must be a jwt string, token should not be empty",
    );
    expect(refusal(proof, { password: 0, token: "abc" })).toBe("token must be a jwt string");
    expect(refusal(proof, { password: false, token: "a.b.c" })).toBe("");
  });
});
