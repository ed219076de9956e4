import { describe, expect, it } from "vitest";
import {
  ConflictError,
  DuplicateError,
  InvalidDataError,
  NotFoundError,
  UnavailableError,
} from "../core/errors.ts";
import { shopErrorOf } from "./database-errors.ts";

const failureWith = (properties: object) =>
  Object.assign(new Error("a message of PostgreSQL"), properties);

describe("a database failure", () => {
  it.each([
    [
      "a unique violation",
      { code: "23505", table: "address", detail: "Key (id)=(a1) already exists." },
      DuplicateError,
      "Address with id a1 already exists.",
    ],
    [
      "a known constraint",
      { code: "23505", constraint: "IDX_unique_email_for_guests_and_customer_accounts" },
      DuplicateError,
      "already has an account",
    ],
    [
      "a missing row",
      { code: "23503", detail: 'Key (region_id)=(reg_x) is not present in table "region".' },
      NotFoundError,
      "Region with region_id reg_x does not exist.",
    ],
    [
      "a row still referred to",
      { code: "23503", detail: "Key (id)=(x) is still referenced" },
      ConflictError,
      "refers to it",
    ],
    [
      "a connection lost while it rolls back",
      { message: "ROLLBACK - Connection terminated unexpectedly" },
      UnavailableError,
      "not available",
    ],
    ["a number too large", { code: "22003" }, InvalidDataError, "outside"],
    ["a NUL", { code: "22021" }, InvalidDataError, "cannot be read"],
    ["a serialization failure", { code: "40001" }, ConflictError, "conflicted"],
    ["a deadlock", { code: "40P01" }, ConflictError, "conflicted"],
    ["a lock that took too long", { code: "55P03" }, ConflictError, "conflicted"],
    ["a statement that took too long", { code: "57014" }, UnavailableError, "too long"],
    ["a server that shuts down", { code: "57P01" }, UnavailableError, "not available"],
    ["too many connections", { code: "53300" }, UnavailableError, "not available"],
    [
      "a refused connection",
      { code: "ECONNREFUSED", syscall: "connect" },
      UnavailableError,
      "not available",
    ],
    ["a full pool", { name: "KnexTimeoutError" }, UnavailableError, "not available"],
  ])("becomes the shop's error: %s", (_, properties, kind, message) => {
    const error = shopErrorOf(failureWith(properties));
    expect(error).toBeInstanceOf(kind);
    expect(error?.message).toContain(message);
  });

  it.each([
    ["a bug in our SQL", failureWith({ code: "42P01" })],
    ["a missing file", failureWith({ code: "ENOENT", syscall: "open" })],
    ["a bug in our code", new TypeError("x is not a function")],
    ["a value that is not an error", "text"],
  ])("has no error of the shop: %s", (_, error) => {
    expect(shopErrorOf(error)).toBeUndefined();
  });
});
