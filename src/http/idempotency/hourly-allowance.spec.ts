import { expect, it } from "vitest";
import { HourlyAllowance } from "./hourly-allowance.ts";

const HOUR_MS = 3_600_000;

it("gives each address so many bytes an hour", () => {
  const allowance = new HourlyAllowance(100);
  expect(allowance.take("192.0.2.1", 60, 0)).toBe(true);
  expect(allowance.take("192.0.2.1", 60, HOUR_MS - 1)).toBe(false);
  expect(allowance.take("192.0.2.1", 40, HOUR_MS - 1)).toBe(true);
  expect(allowance.take("192.0.2.2", 60, 0)).toBe(true);
  expect(allowance.take("192.0.2.1", 60, HOUR_MS)).toBe(true);
});

it("counts the addresses of one IPv6 network together", () => {
  const allowance = new HourlyAllowance(100);
  expect(allowance.take("2001:db8::1", 60, 0)).toBe(true);
  expect(allowance.take("2001:db8::2", 60, 0)).toBe(false);
});

it("counts clients without an address together", () => {
  const allowance = new HourlyAllowance(100);
  expect(allowance.take(undefined, 60, 0)).toBe(true);
  expect(allowance.take(undefined, 60, 0)).toBe(false);
});
