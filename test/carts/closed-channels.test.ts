import { beforeAll, describe, expect, it } from "vitest";
import { aFilledCart, aProduct, aRegion, aSalesChannel } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

/** A shop closes a sales channel while carts of it are being filled. */
describe("a cart whose sales channel was closed", () => {
  const shop = openShop();
  let regionId: string;
  beforeAll(async () => {
    regionId = (await aRegion(shop.knex, { tax_rate: 0 })).id;
  });

  async function aCartIn(channel: string, title: string) {
    const product = await aProduct(shop.knex, { title, channels: [channel] });
    const variantId = product.variants[0]!.id;
    const { body } = await shop.post("/store/carts", {
      region_id: regionId,
      sales_channel_id: channel,
      items: [{ variant_id: variantId, quantity: 1 }],
    });
    const path = `/store/carts/${body.cart.id}`;
    await shop.post(path, { email: "gro@example.com" });
    await shop.post(`${path}/payment-sessions`);
    return { path, variantId, lineId: body.cart.items[0].id as string };
  }

  it.each([
    ["disabled", { is_disabled: true }],
    ["deleted", { deleted_at: new Date() }],
  ])("takes nothing more and is not completed (%s)", async (state, columns) => {
    const { id } = await aSalesChannel(shop.knex);
    const { path, variantId, lineId } = await aCartIn(id, `Kettle ${state}`);
    await shop.knex("sales_channel").where({ id }).update(columns);
    const line = { variant_id: variantId, quantity: 1 };
    expect(await shop.post(`${path}/line-items`, line)).toBeRefused(400, { type: "invalid_data" });
    expect(await shop.post(`${path}/complete`)).toBeRefused(400, {
      type: "not_allowed",
      message: new RegExp(`Kettle ${state}`),
    });
    const { body } = await shop.get(path);
    expect(body.cart.items).toMatchObject([{ id: lineId, quantity: 1, unit_price: 1000 }]);
    expect((await shop.delete(`${path}/line-items/${lineId}`)).body.cart.items).toEqual([]);
  });

  it("is completed once the channel is open again, or in another one", async () => {
    const [{ id }, other] = [await aSalesChannel(shop.knex), await aSalesChannel(shop.knex)];
    const { path, variantId } = await aCartIn(id, "Pot");
    const { product_id } = await shop.knex("product_variant").where({ id: variantId }).first();
    await shop.knex("product_sales_channel").insert({ product_id, sales_channel_id: other.id });
    await shop.knex("sales_channel").where({ id }).update({ is_disabled: true });
    await shop.post(path, { sales_channel_id: other.id });
    await shop.post(`${path}/payment-sessions`);
    expect((await shop.post(`${path}/complete`)).body.type).toBe("order");
  });

  it("takes no more of a product that left the channel", async () => {
    const { id } = await aSalesChannel(shop.knex);
    const { path, variantId } = await aCartIn(id, "Cup");
    await shop.knex("product_sales_channel").where({ sales_channel_id: id }).delete();
    const line = { variant_id: variantId, quantity: 1 };
    expect(await shop.post(`${path}/line-items`, line)).toBeRefused(400, { type: "invalid_data" });
    expect(await shop.post(`${path}/complete`)).toBeRefused(400, { message: /Cup/ });
  });

  it("that was filled before the channel existed is not affected", async () => {
    const product = await aProduct(shop.knex);
    const setup = { regionId, variantId: product.variants[0]!.id };
    const id = await aFilledCart(shop, setup);
    await shop.knex("cart").where({ id }).update({ sales_channel_id: null });
    expect((await shop.post(`/store/carts/${id}/complete`)).body.type).toBe("order");
  });
});
