import { describe, expect, it } from "vitest";
import { InvalidDataError } from "../../core/errors.ts";
import type { NewAddress } from "./address-schemas.ts";
import {
  addressColumns,
  changedColumns,
  changedValues,
  isInBook,
  mergedMetadata,
  mustHavePassword,
  mustHaveRoomInBook,
} from "./customer-rules.ts";

const bounds = { addresses: 2, metadata: { bytes: 20, depth: 2 } };

describe("what is kept for a customer is bounded", () => {
  const change = (metadata: object) => ({ metadata }) as never;

  it("in merged metadata", () => {
    const present = { metadata: { a: "x".repeat(10) } };
    expect(() => changedColumns(present, change({ b: "x" }), bounds)).toThrow("20 bytes");
    expect(() => changedColumns(present, change({ b: [[1]] }), bounds)).toThrow("2 levels");
    expect(() => changedColumns(present, change({ a: "x" }), bounds)).not.toThrow();
  });

  it("in addresses", () => {
    expect(() => mustHaveRoomInBook([1, 2], bounds)).toThrow("more than 2 addresses");
    expect(() => mustHaveRoomInBook([1], bounds)).not.toThrow();
  });
});

describe("metadata", () => {
  it.each([
    [null, { a: 1 }, { a: 1 }],
    [{ a: 1, b: 2 }, { b: 3 }, { a: 1, b: 3 }],
    [{ a: 1, b: 2 }, { b: "" }, { a: 1 }],
    [{ a: 1 }, { never: "" }, { a: 1 }],
    [{ a: { b: 1 } }, { a: { c: 2 } }, { a: { c: 2 } }],
    [{ a: 1 }, { a: null }, { a: null }],
    [{ a: 1 }, JSON.parse('{"__proto__":{"b":1}}'), { a: 1 }],
  ])("%j merged with %j is %j", (present, input, merged) => {
    expect(mergedMetadata(present, input)).toEqual(merged);
  });
});

it("requires an account to have a password", () => {
  expect(() => mustHavePassword("")).toThrow(InvalidDataError);
  expect(() => mustHavePassword("x")).not.toThrow();
});

it("writes only what was sent, with e-mail and country code in lower case", () => {
  expect(
    changedColumns(
      { metadata: null },
      { first_name: null, email: "Ada@Example.COM" } as never,
      bounds,
    ),
  ).toEqual({
    first_name: null,
    email: "ada@example.com",
  });
  expect(addressColumns({ country_code: "DK", phone: null, metadata: ["a"] } as never)).toEqual({
    country_code: "dk",
    phone: null,
    metadata: '["a"]',
  });
});

it("keeps the country code if null is sent", () => {
  expect(addressColumns({ country_code: null, city: null } as never)).toEqual({ city: null });
});

it("does not write unchanged values", () => {
  const present = { first_name: "Ada", billing_address_id: null, metadata: { a: 1 } };
  const input = { first_name: "Ada", billing_address_id: null, metadata: '{"a":1}', phone: "1" };
  expect(changedValues(present, input)).toEqual({ phone: "1" });
});

describe("an address is in the address book", () => {
  const input = {
    first_name: "Ada",
    last_name: "Lind",
    phone: "1",
    address_1: "Strandvejen 1",
    address_2: null,
    city: "Aarhus",
    country_code: "DK",
    province: null,
    postal_code: "8000",
  } as NewAddress;
  const entry = { ...input, country_code: "dk", company: "Lind ApS" };

  it.each([
    ["equal except for company and the case of the country code", input, true],
    ["with another street", { ...input, address_1: "Strandvejen 2" }, false],
    ["with a missing field, which never matches", { ...input, province: undefined }, false],
  ])("%s", (_, address, expected) => {
    expect(isInBook([entry], address)).toBe(expected);
  });
});
