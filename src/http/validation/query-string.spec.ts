import { describe, expect, it } from "vitest";
import { InvalidDataError } from "../../core/errors.ts";
import { parseQuery, splitSingles } from "./query-string.ts";

const read = (text: string) => splitSingles(parseQuery(text));
const ids = (count: number, one: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => one(index)).join("&");

describe("a query string", () => {
  it("is refused with more than 1,000 parameters or values", () => {
    expect(() => parseQuery(ids(1001, (index) => `a${index}=1`))).toThrow(InvalidDataError);
    expect(() => parseQuery(ids(1001, () => "id[]=x"))).toThrow(InvalidDataError);
    expect(() => parseQuery(ids(1001, () => "id=x"))).toThrow(InvalidDataError);
  });

  it.each([
    ["", {}],
    ["a=1", { a: "1" }],
    ["a=", { a: "" }],
    ["id=x&id=y", { id: ["x", "y"] }],
    ["id[]=x&id[]=y", { id: ["x", "y"] }],
    ["id%5B0%5D=x&id%5B1%5D=y", { id: ["x", "y"] }],
    ["id[]=x,y", { id: ["x", "y"] }],
    ["id=x,y", { id: "x,y" }],
    ["id[]=x,y&id[]=z", { id: ["x,y", "z"] }],
    ["created_at[gt]=2020-01-01", { created_at: { gt: "2020-01-01" } }],
    ["id[500]=x", { id: ["x"] }],
    ["limit=1?offset=1", { limit: "1?offset=1" }],
    ["q=100%", { q: "100%" }],
    ["a+b=c+d", { "a b": "c d" }],
  ])("%s", (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it("reads a list of 900 values as a list", () => {
    expect(read(ids(900, (index) => `id[${index}]=${index}`))["id"]).toHaveLength(900);
    expect(read(ids(900, (index) => `id=${index}`))["id"]).toHaveLength(900);
  });

  it("cannot reach a prototype", () => {
    const query = read(
      "__proto__[a]=1&constructor[prototype][a]=1&x[__proto__][a]=1&x[toString]=1&hasOwnProperty=1",
    );
    expect(({} as Record<string, unknown>)["a"]).toBeUndefined();
    expect(Object.keys(query)).not.toContain("hasOwnProperty");
    expect(() => String(query["x"])).not.toThrow();
  });
});
