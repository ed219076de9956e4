import { beforeAll, describe, expect, it } from "vitest";
import { aProduct } from "../support/builders.ts";
import { sentStatements } from "../support/count-statements.ts";
import { openShop } from "../support/open-shop.ts";

/** How many requests of one storefront certainly make its shape recur. */
const MANY = 12;

describe("the statement of a shape that a client names", () => {
  const shop = openShop();
  beforeAll(() => aProduct(shop.knex, { title: "Kettle" }));

  const isPrepared = async (expand: string) => {
    const statements = await sentStatements(async () => {
      const { status, body } = await shop.get(`/store/products?expand=${expand}`);
      expect([status, body.products[0].title]).toEqual([200, "Kettle"]);
    });
    return statements.find(({ text }) => text.includes("is_too_large"))?.name !== undefined;
  };

  it("is planned for the request alone, until the shape recurs", async () => {
    expect(await isPrepared("tags,images")).toBe(false);
    for (let request = 1; request < MANY; request++) await isPrepared("tags,images");
    expect(await isPrepared("tags,images")).toBe(true);
    expect(await isPrepared("tags,options")).toBe(false);
  });

  it("is prepared for a limited number of shapes", async () => {
    const relations = ["variants", "options", "images", "tags", "collection", "type"];
    const shapes = relations.flatMap((one) => relations.map((two) => `${one},${two},profiles`));
    for (const expand of shapes)
      for (let request = 0; request < MANY; request++) await isPrepared(expand);
    expect(await isPrepared(shapes[0]!)).toBe(false);
    expect(await isPrepared(shapes.at(-1)!)).toBe(true);
  });
});
