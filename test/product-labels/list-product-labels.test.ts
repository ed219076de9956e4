import { beforeAll, describe, expect, it } from "vitest";
import { aDiscount, aProductTag, aProductType } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

const kinds = [
  { name: "product_tags", path: "/store/product-tags", aLabel: aProductTag },
  { name: "product_types", path: "/store/product-types", aLabel: aProductType },
] as const;

describe.each(kinds)("listing $name", ({ name, path, aLabel }) => {
  const shop = openShop();
  let warm: { id: string };
  beforeAll(async () => {
    warm = await aLabel(shop.knex, { value: "Warm", created_at: "2026-01-01" });
    await aLabel(shop.knex, { value: "waterproof", created_at: "2026-01-02" });
    await aLabel(shop.knex, { value: "camp\\", created_at: "2026-01-03" });
    await aLabel(shop.knex, { value: "gone", deleted_at: "2026-01-04" });
  });
  const values = async (query: string) =>
    (await shop.get(`${path}?${query}`)).body[name].map((each: { value: string }) => each.value);

  it("refuses a value of a wrong type with Medusa's details", async () => {
    expect(await shop.get(`${path}?zoo=1&limit=x&value[foo]=1&value[gt][]=2`)).toBeRefused(400, {
      message: JSON.stringify({
        message: "value must be one of: String,String,StringComparisonOperator",
        details: {
          String: ["String validation failed: [object Object] is not a string"],
          undefined: ["value must be an array"],
          StringComparisonOperator: ["property foo should not exist", " gt must be a string"],
        },
      }),
    });
    expect(await shop.get(`${path}?created_at=1`)).toBeRefused(400, {
      message: JSON.stringify({
        message: "created_at must be one of: DateComparisonOperator",
        details: {
          DateComparisonOperator: ["an unknown value was passed to the validate function"],
        },
      }),
    });
  });

  it("refuses other invalid parameters and names each of them", async () => {
    expect(await shop.get(`${path}?expand=products&fields=value&offset=x&limit=-1`)).toBeRefused(
      400,
      {
        message:
          "property expand should not exist, property fields should not exist, " +
          "offset must be a number conforming to the specified constraints, " +
          "limit must not be less than 0",
      },
    );
    for (const order of ["foo", "", "--value", "constructor"])
      expect(await shop.get(`${path}?order=${order}`)).toBeRefused(400, {
        message: /^Order field/,
      });
    expect(await shop.get(`${path}?value[0][a]=1&value[1][a]=2`)).toBeRefused(400);
  });

  it("lists them newest first, twenty a page", async () => {
    const { body } = await shop.get(path);
    expect(body).toMatchObject({ count: 3, offset: 0, limit: 20 });
    expect(Object.keys(body[name][0]).sort()).toEqual(["created_at", "id", "updated_at", "value"]);
    expect(await values("")).toEqual(["camp\\", "waterproof", "Warm"]);
    expect(await values("order=-created_at&limit=1&offset=1")).toEqual(["waterproof"]);
  });

  it("filters by id, value, part of a value and date", async () => {
    expect(await values(`id=${warm.id}`)).toEqual(["Warm"]);
    expect(await values("value[]=Warm,waterproof")).toEqual(["waterproof", "Warm"]);
    expect(await values("value=warm")).toEqual([]);
    expect(await values("value[starts_with]=W&value[ends_with]=F")).toEqual(["waterproof"]);
    expect(await values("value[ends_with]=%5C")).toEqual(["camp\\"]);
    expect(await values("value[contains]=AR")).toEqual(["Warm"]);
    expect(await values("q=W&value=none")).toEqual(["waterproof", "Warm"]);
    expect(await values("created_at[gte]=2026-01-02&created_at[lt]=2026-01-03")).toEqual([
      "waterproof",
    ]);
  });

  it("filters by discount condition", async () => {
    const discount = await aDiscount(shop.knex, {
      conditions: [{ type: name, ids: [warm.id] }],
    });
    const [condition] = discount.conditions;
    expect(await values(`discount_condition_id=${condition}`)).toEqual(["Warm"]);
    expect(await values("discount_condition_id=discon_nope")).toEqual([]);
    expect(await values("discount_condition_id=")).toEqual([]);
  });
});
