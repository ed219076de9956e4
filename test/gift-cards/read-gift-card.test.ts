import { beforeAll, describe, expect, it } from "vitest";
import { aGiftCard } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

describe("reading a gift card", () => {
  const shop = openShop();
  let regionId: unknown;
  beforeAll(async () => {
    const ends_at = new Date(Date.now() + 60_000);
    regionId = (await aGiftCard(shop.knex, { code: "GOOD", ends_at }))["region_id"];
    await aGiftCard(shop.knex, { code: "SPENT", balance: 0, is_disabled: true });
    await aGiftCard(shop.knex, { code: "EXPIRED", ends_at: new Date(Date.now() - 1) });
    await aGiftCard(shop.knex, { code: "DISABLED", is_disabled: true });
    await aGiftCard(shop.knex, { code: "DELETED", deleted_at: new Date() });
  });

  it.each(["NOPE", "good", "EXPIRED", "DISABLED", "DELETED", "%25", "GOOD%20"])(
    "does not find %s",
    async (code) => {
      expect(await shop.get(`/store/gift-cards/${code}`)).toBeRefused(404, {
        message: `Gift card with code: ${decodeURIComponent(code)} was not found`,
      });
    },
  );

  it("returns value, balance and region, also of a spent card", async () => {
    const { gift_card } = (await shop.get("/store/gift-cards/GOOD?foo=1")).body;
    expect(gift_card).toMatchObject({
      code: "GOOD",
      value: 5000,
      balance: 5000,
      region: { id: regionId },
    });
    expect(Object.keys(gift_card).sort()).toEqual(["balance", "code", "id", "region", "value"]);
    expect((await shop.get("/store/gift-cards/SPENT")).body.gift_card.balance).toBe(0);
  });
});
