import { describe, expect, it } from "vitest";
import { parseOrigins } from "./parse-origins.ts";

const allows = (list: string, origin: string) =>
  parseOrigins(list).some((allowed) =>
    typeof allowed === "string" ? allowed === origin : allowed.test(origin),
  );

describe("the origins of STORE_CORS", () => {
  it.each([
    ["*", "cannot be *"],
    ["shop.example", "not an origin"],
    ["https://shop.example/path", "not an origin"],
    ["/(/", "not a regular expression"],
  ])("refuses %s", (list, message) => {
    expect(() => parseOrigins(list)).toThrow(message);
  });

  it.each([
    ["http://localhost:8000", "http://localhost:8000", true],
    [" http://a.example , http://b.example/ ,", "http://b.example", true],
    ["http://localhost:8000", "http://localhost:8001", false],
    ["http://localhost:8000", "https://localhost:8000", false],
    ["https://*.shop.example", "https://preview-1.shop.example", true],
    ["https://*.shop.example", "https://a.b.shop.example", false],
    ["https://*.shop.example", "https://shop.example", false],
    ["https://*.shop.example", "https://x.shop.example.evil.example", false],
    ["https://*.shop.example", "https://xxshop.example", false],
    ["/^https:\\/\\/a{1,3}\\.example$/, http://b.example", "https://aaa.example", true],
    ["/^https:\\/\\/a{1,3}\\.example$/, http://b.example", "http://b.example", true],
    ["/^https:\\/\\/a{1,3}\\.example$/", "https://aaaa.example", false],
    ["", "http://localhost:8000", false],
  ])("%s and the origin %s: %s", (list, origin, allowed) => {
    expect(allows(list, origin)).toBe(allowed);
    expect(allows(list, origin)).toBe(allowed);
  });
});
