import { beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../src/database/new-id.ts";
import { aProduct, aRegion, aShippingOption, aTaxRate } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

describe("listing shipping options", () => {
  const shop = openShop();
  let region: { id: string };
  let untaxed: { id: string };
  let removed: { id: string };
  beforeAll(async () => {
    region = await aRegion(shop.knex);
    untaxed = await aRegion(shop.knex, { automatic_taxes: false });
    removed = await aRegion(shop.knex);
    await aShippingOption(shop.knex, {
      region_id: region.id,
      name: "Standard",
    });
    await aShippingOption(shop.knex, {
      region_id: region.id,
      name: "Inclusive",
      amount: 1190,
      includes_tax: true,
    });
    await aShippingOption(shop.knex, {
      region_id: region.id,
      name: "Return",
      is_return: true,
    });
    await aShippingOption(shop.knex, {
      region_id: region.id,
      name: "Phone",
      admin_only: true,
    });
    await aShippingOption(shop.knex, {
      region_id: region.id,
      name: "Gone",
      deleted_at: new Date(),
    });
    await aShippingOption(shop.knex, {
      region_id: untaxed.id,
      name: "Untaxed",
      amount: null,
    });
    await aShippingOption(shop.knex, {
      region_id: removed.id,
      name: "Nowhere",
    });
    await shop.knex("region").where({ id: removed.id }).update({ deleted_at: new Date() });
  });
  const options = async (query: string): Promise<Record<string, Record<string, unknown>>> => {
    const { body } = await shop.get(`/store/shipping-options?${query}`);
    return Object.fromEntries(
      body.shipping_options.map((option: { name: string }) => [option.name, option]),
    );
  };
  const names = async (query: string) => Object.keys(await options(query));

  it("refuses invalid parameters and a deleted region", async () => {
    expect(
      await shop.get("/store/shipping-options?limit=1&product_ids[]=a&region_id[]=b&is_return=yes"),
    ).toBeRefused(400, {
      message:
        "property limit should not exist, product_ids must be a string, " +
        "region_id must be a string, is_return must be a boolean string",
    });
    for (const word of ["", "TRUE", "2"])
      expect(await shop.get(`/store/shipping-options?is_return=${word}`)).toBeRefused(400);
    expect(await shop.get(`/store/shipping-options?region_id=${removed.id}`)).toBeRefused(404, {
      message: `Region with ${removed.id} was not found`,
    });
    expect(await names("region_id=reg_nope")).toEqual([]);
  });

  it("returns those that a storefront may offer", async () => {
    expect(await names("")).toEqual(["Standard", "Inclusive", "Return", "Untaxed"]);
    expect(await names(`region_id=${region.id}&is_return=true`)).toEqual(["Return"]);
    expect(await names(`region_id=${region.id}&is_return=1`)).toEqual(["Standard", "Inclusive"]);
    expect(await names(`region_id=${region.id}&is_return=false`)).toEqual([
      "Standard",
      "Inclusive",
    ]);
  });

  it("calculates taxes by the option's own rates, else the region's", async () => {
    const { Standard, Inclusive } = await options(`region_id=${region.id}`);
    expect(Standard).toMatchObject({ amount: 500, tax_amount: 95, price_incl_tax: 595 });
    expect(Standard?.["tax_rates"]).toEqual([{ rate: 19, name: "default", code: "default" }]);
    expect(Inclusive).toMatchObject({ amount: 1190, tax_amount: 190, price_incl_tax: 1190 });
    const { Untaxed } = await options(`region_id=${untaxed.id}`);
    expect(Untaxed).toMatchObject({
      amount: null,
      tax_amount: 0,
      price_incl_tax: 0,
      tax_rates: [],
    });
    await aTaxRate(shop.knex, {
      region_id: region.id,
      rate: 7,
      name: "Reduced",
      code: "red",
      shipping_options: [String(Standard?.["id"])],
    });
    const after = await options(`region_id=${region.id}`);
    expect(after["Standard"]).toMatchObject({
      tax_amount: 35,
      tax_rates: [{ rate: 7, name: "Reduced", code: "red" }],
    });
    expect(after["Standard"]).not.toHaveProperty("region");
  });

  it("filters by products, and returns requirements", async () => {
    const bulky = newId("sp");
    await shop.knex("shipping_profile").insert({ id: bulky, name: "Bulky", type: "custom" });
    const pallet = await aShippingOption(shop.knex, {
      region_id: region.id,
      name: "Pallet",
      profile_id: bulky,
    });
    await shop
      .knex("shipping_option_requirement")
      .insert({ id: newId("sor"), shipping_option_id: pallet.id, type: "min_subtotal", amount: 1 });
    const sofa = await aProduct(shop.knex);
    await shop
      .knex("product_shipping_profile")
      .where({ product_id: sofa.id })
      .update({ profile_id: bulky });
    const found = await options(`product_ids=${sofa.id},nope`);
    expect(Object.keys(found)).toEqual(["Pallet"]);
    expect(found["Pallet"]?.["requirements"]).toMatchObject([{ type: "min_subtotal", amount: 1 }]);
    expect(await names("product_ids=prod_nope")).toEqual([]);
  });
});
