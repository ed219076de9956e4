import { beforeAll, describe, expect, it } from "vitest";
import {
  aDiscount,
  aGiftCard,
  aPaymentSession,
  aProduct,
  aRegion,
  aShippingOption,
} from "../support/builders.ts";
import { countRoundTrips, countStatements } from "../support/count-statements.ts";
import { openShop } from "../support/open-shop.ts";

const MAX_STATEMENTS = 12;
/** Transaction control and the stored answer do not count. */
const withoutTransactionControl = (statements: readonly string[]) =>
  statements.filter((text) => !/^(begin|commit)|^insert into idempotency_key/i.test(text));

/** The number of statements of a cart write does not depend on the number of lines. */
describe("the statements of a cart write", () => {
  const shop = openShop();
  const variants: string[] = [];
  let regionId: string;
  let otherRegionId: string;
  let optionId: string;
  let card: string;
  beforeAll(async () => {
    regionId = (await aRegion(shop.knex, { countries: ["de"] })).id;
    otherRegionId = (await aRegion(shop.knex, { countries: ["fr"] })).id;
    for (let index = 0; index < 51; index++)
      variants.push((await aProduct(shop.knex)).variants[0]!.id);
    await aDiscount(shop.knex, {
      code: "FIVE",
      type: "fixed",
      value: 333,
      regions: [regionId, otherRegionId],
    });
    await aDiscount(shop.knex, { code: "TEN", regions: [regionId, otherRegionId] });
    optionId = (await aShippingOption(shop.knex, { region_id: regionId })).id;
    card = (await aGiftCard(shop.knex, { region_id: regionId })).code;
  });

  /**
   * Counts the statements of each kind of write to a cart with a discount, a shipping method and a
   * payment session.
   */
  async function counts(lines: number): Promise<Record<string, number>> {
    const items = variants.slice(0, lines).map((variant_id) => ({ variant_id, quantity: 1 }));
    const { id, items: made } = (await shop.post("/store/carts", { region_id: regionId, items }))
      .body.cart;
    await aPaymentSession(shop.knex, { cart_id: id, amount: 1 });
    const line = made[0].id;
    const full = async () => {
      await shop.post(`/store/carts/${id}`, { discounts: [{ code: "FIVE" }] });
      await shop.post(`/store/carts/${id}/shipping-methods`, { option_id: optionId });
    };
    const counted: Record<string, number> = {};
    const count = async (name: string, write: () => Promise<{ status: number; text: string }>) => {
      await full();
      const statements = await countStatements(async () => {
        const { status, text } = await write();
        if (status !== 200) throw new Error(`${name}: ${status} ${text}`);
      });
      counted[name] = withoutTransactionControl(statements).length;
    };
    await count("create", () => shop.post("/store/carts", { region_id: regionId, items }));
    await count("add", () =>
      shop.post(`/store/carts/${id}/line-items`, { variant_id: variants[50], quantity: 1 }),
    );
    await count("grow", () =>
      shop.post(`/store/carts/${id}/line-items`, { variant_id: variants[50], quantity: 1 }),
    );
    await count("change", () =>
      shop.post(`/store/carts/${id}/line-items/${line}`, { quantity: 2 }),
    );
    await count("discount", () =>
      shop.post(`/store/carts/${id}`, { discounts: [{ code: "TEN" }] }),
    );
    await count("no discount", () => shop.delete(`/store/carts/${id}/discounts/FIVE`));
    await count("gift card", () =>
      shop.post(`/store/carts/${id}`, { gift_cards: [{ code: card }] }),
    );
    await count("no gift card", () => shop.post(`/store/carts/${id}`, { gift_cards: [] }));
    await count("e-mail", () =>
      shop.post(`/store/carts/${id}`, { email: `gro-${lines}@example.com` }),
    );
    await count("addresses", () =>
      shop.post(`/store/carts/${id}`, {
        shipping_address: { city: "Bonn" },
        billing_address: { city: "Bonn" },
      }),
    );
    await count("shipping", () =>
      shop.post(`/store/carts/${id}/shipping-methods`, { option_id: optionId }),
    );
    await count("taxes", () => shop.post(`/store/carts/${id}/taxes`));
    await count("read", () => shop.get(`/store/carts/${id}`));
    await count("options", () => shop.get(`/store/shipping-options/${id}`));
    await count("remove", () => shop.delete(`/store/carts/${id}/line-items/${line}`));
    await count("region", () => shop.post(`/store/carts/${id}`, { region_id: otherRegionId }));
    return counted;
  }

  it("are at most twelve, with two lines and with fifty", async () => {
    const few = await counts(2);
    const many = await counts(50);
    expect(many).toEqual(few);
    // A change of region writes to every table of the cart.
    const { region, ...others } = few;
    for (const [name, count] of Object.entries(others))
      expect(count, name).toBeLessThanOrEqual(MAX_STATEMENTS);
    expect(region).toBeLessThanOrEqual(MAX_STATEMENTS + 2);
  });

  it("read the variants of a cart once to decide, and once to show", async () => {
    const items = [{ variant_id: variants[0], quantity: 1 }];
    const { cart } = (await shop.post("/store/carts", { region_id: regionId, items })).body;
    const line = `/store/carts/${cart.id}/line-items/${cart.items[0].id}`;
    const statements = await countStatements(() => shop.post(line, { quantity: 2 }));
    expect(statements.filter((text) => text.includes('"product_variant"'))).toHaveLength(2);
  });

  it("wait for the database twice, and once more for a guest", async () => {
    const add = { variant_id: variants[0], quantity: 1 };
    const address = { email: "tarn@example.com", shipping_address: { city: "Bonn" } };
    const checkOut = async (count: Count) => {
      const create = () => shop.post("/store/carts", { region_id: regionId });
      const { id } = (await count("create", create)).body.cart;
      const lines = `/store/carts/${id}/line-items`;
      const { items } = (await count("add", () => shop.post(lines, add))).body.cart;
      const option = { option_id: optionId };
      await count("change", () => shop.post(`${lines}/${items[0].id}`, { quantity: 2 }));
      await count("guest", () => shop.post(`/store/carts/${id}`, address));
      await count("shipping", () => shop.post(`/store/carts/${id}/shipping-methods`, option));
      await count("sessions", () => shop.post(`/store/carts/${id}/payment-sessions`));
      await count("remove", () => shop.delete(`${lines}/${items[0].id}`));
    };
    await checkOut((_, write) => write());
    const waits: Record<string, number> = {};
    await checkOut(async (name, write) => {
      let answer: Answer | undefined;
      waits[name] = await countRoundTrips(async () => {
        answer = await write();
      });
      return answer!;
    });
    const twice = { create: 2, add: 2, change: 2, shipping: 2, sessions: 2, remove: 2 };
    expect(waits).toEqual({ ...twice, guest: 3 });
  });
});

type Answer = Awaited<ReturnType<ReturnType<typeof openShop>["post"]>>;
type Count = (name: string, write: () => Promise<Answer>) => Promise<Answer>;
