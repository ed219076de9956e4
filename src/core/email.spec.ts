import { expect, it } from "vitest";
import { isEmail } from "./email.ts";

it.each([
  "ada@example.com",
  "ADA.Lind+shop@mail.example.co.uk",
  "o'brien_1!#$%&@example.io",
  "ünï@exämple.de",
  '"with space"@example.com',
  "a@xn--exmple-cua.xn--p1ai",
])("takes %s", (text) => {
  expect(isEmail(text)).toBe(true);
});

it.each([
  "",
  "ada",
  "@example.com",
  "ada@",
  "ada@example",
  "ada@example.c",
  "ada@example.123",
  "a@b@example.com",
  "ada@-example.com",
  "ada@exa_mple.com",
  "ada@example..com",
  ".ada@example.com",
  "a..da@example.com",
  "a da@example.com",
  "Ada <ada@example.com>",
  "ada@[127.0.0.1]",
  `${"a".repeat(65)}@example.com`,
  `a@${"b".repeat(64)}.com`,
  "ada@example.com\n",
])("refuses %j", (text) => {
  expect(isEmail(text)).toBe(false);
});
