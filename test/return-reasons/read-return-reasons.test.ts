import { beforeAll, describe, expect, it } from "vitest";
import { aReturnReason } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

describe("reading return reasons", () => {
  const shop = openShop();
  let fit: { id: string };
  let small: { id: string };
  beforeAll(async () => {
    fit = await aReturnReason(shop.knex, { value: "fit" });
    small = await aReturnReason(shop.knex, { value: "small", parent_return_reason_id: fit.id });
    await aReturnReason(shop.knex, {
      value: "gone",
      parent_return_reason_id: fit.id,
      deleted_at: new Date(),
    });
    await aReturnReason(shop.knex, { value: "broken" });
  });

  it("answers 404 for an unknown reason", async () => {
    expect(await shop.get("/store/return-reasons/nope")).toBeRefused(404, {
      message: "Return Reason with id: nope was not found.",
    });
  });

  it("returns the top level with its children, whatever the query", async () => {
    const { return_reasons } = (await shop.get("/store/return-reasons?foo=1")).body;
    expect(return_reasons.map((each: { value: string }) => each.value)).toEqual(["fit", "broken"]);
    expect(
      return_reasons[0].return_reason_children.map((each: { value: string }) => each.value),
    ).toEqual(["small"]);
    expect(return_reasons[0]).not.toHaveProperty("metadata");
  });

  it("returns a reason with its parent", async () => {
    const { return_reason } = (await shop.get(`/store/return-reasons/${small.id}`)).body;
    expect(return_reason).toMatchObject({
      value: "small",
      parent_return_reason: { id: fit.id },
      return_reason_children: [],
    });
  });
});
