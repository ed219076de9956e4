import { beforeAll, describe, expect, it } from "vitest";
import { aProductCollection } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

describe("reading collections", () => {
  const shop = openShop();
  let summer: { id: string };
  beforeAll(async () => {
    summer = await aProductCollection(shop.knex, {
      handle: "summer",
      created_at: "2026-01-01T00:00:00.000001Z",
    });
    await aProductCollection(shop.knex, { handle: "winter", created_at: "2026-02-01" });
    await aProductCollection(shop.knex, { handle: "gone", deleted_at: "2026-03-01" });
  });
  const handles = async (query: string) =>
    (await shop.get(`/store/collections?${query}`)).body.collections.map(
      (each: { handle: string }) => each.handle,
    );

  it("refuses invalid parameters and names each of them", async () => {
    expect(
      await shop.get("/store/collections?fields=title&handle=summer&limit=2.5&created_at=x"),
    ).toBeRefused(400, {
      message:
        "property fields should not exist, handle must be an array, " +
        "limit must be an integer number, nested property created_at must be either object or " +
        "array",
    });
    expect(await shop.get("/store/collections?discount_condition_id=x")).toBeRefused(400);
    expect(await shop.get("/store/collections/nope?foo=1")).toBeRefused(404, {
      message: "Product collection with id: nope was not found",
    });
  });

  it("lists and filters them, newest first", async () => {
    expect((await shop.get("/store/collections")).body).toMatchObject({
      count: 2,
      offset: 0,
      limit: 10,
    });
    expect(await handles("")).toEqual(["winter", "summer"]);
    expect(await handles("handle[]=summer,gone")).toEqual(["summer"]);
    expect(await handles("created_at[lte]=2026-01-01T00:00:00Z")).toEqual([]);
    expect(await handles("created_at[gt]=2026-01-01T00:00:00Z&created_at[lt]=2026-01-15")).toEqual([
      "summer",
    ]);
    expect((await shop.get(`/store/collections/${summer.id}?foo=1`)).body.collection.handle).toBe(
      "summer",
    );
  });
});
