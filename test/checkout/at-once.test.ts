import pino from "pino";
import { afterAll, describe, expect, it } from "vitest";
import { CheckoutService } from "../../src/domains/checkout/checkout-service.ts";
import { finishOnce } from "../../src/domains/checkout/finish-left-carts.ts";
import { Events } from "../../src/events/events.ts";
import { gatherProviders } from "../../src/providers/providers.ts";
import { aFilledCart, aTill } from "../payments/a-cart.ts";
import { aGiftCard } from "../support/catalogue-builders.ts";
import { openShop } from "../support/open-shop.ts";
import { aDiscount } from "../support/order-builders.ts";
import { startPaymentService } from "../support/payment-service.ts";
import { remotePayment } from "../support/remote-payment-provider.ts";

const service = await startPaymentService();
afterAll(() => service.close());
const shop = openShop({ providers: { payment: [remotePayment(service.url)] } });

const complete = (cart: string) => shop.post(`/store/carts/${cart}/complete`);
const many = async (count: number, make: (number: number) => Promise<string>) => {
  const carts: string[] = [];
  for (let number = 0; number < count; number++) carts.push(await make(number));
  return carts;
};
const statuses = (answers: readonly { readonly status: number }[], status: number) =>
  answers.filter((answer) => answer.status === status).length;

describe("many checkouts at once", () => {
  it("sell the last five pieces five times, and what was set aside for the others is let go", async () => {
    const till = await aTill(shop.knex, { stock: 20, providers: ["remote"] });
    const carts = await many(60, () => aFilledCart(shop, till));
    await shop.knex("product_variant").where({ id: till.variantId }).update({ inventory_quantity: 5 });
    const answers = await Promise.all(carts.map(complete));
    expect([statuses(answers, 200), statuses(answers, 409)]).toEqual([5, 55]);
    const { inventory_quantity } = await shop.knex("product_variant").where({ id: till.variantId }).first();
    expect(inventory_quantity).toBe(0);
    expect(service.ledger.totals().held).toBe(5000);
  }, 60_000);

  it("of one cart make one order and one payment", async () => {
    const before = service.ledger.totals().authorized;
    const cart = await aFilledCart(shop, await aTill(shop.knex, { providers: ["remote"] }));
    const answers = await Promise.all(Array.from({ length: 50 }, () => complete(cart)));
    expect(new Set(answers.map(({ body }) => body.data.id)).size).toBe(1);
    expect(await shop.knex("order").where({ cart_id: cart })).toHaveLength(1);
    expect(service.ledger.totals().authorized).toBe(before + 1000);
  }, 60_000);

  it("use a discount as often as it may be", async () => {
    const till = await aTill(shop.knex);
    const { id } = await aDiscount(shop.knex, "percentage", 10);
    await shop.knex("discount").where({ id }).update({ usage_limit: 3, code: "THRICE" });
    await shop.knex("discount_regions").insert({ discount_id: id, region_id: till.regionId });
    const carts = await many(12, () => aFilledCart(shop, till, { discounts: ["THRICE"] }));
    const answers = await Promise.all(carts.map(complete));
    expect(statuses(answers, 200)).toBe(3);
    expect((await shop.knex("discount").where({ id }).first()).usage_count).toBe(3);
  }, 60_000);

  it("never spend more than a gift card has", async () => {
    const till = await aTill(shop.knex);
    const card = await aGiftCard(shop.knex, till.regionId, { value: 2500, balance: 2500 });
    const { code } = await shop.knex("gift_card").where({ id: card.id }).first();
    const carts = await many(10, () => aFilledCart(shop, till, { giftCards: [code] }));
    await Promise.all(carts.map(complete));
    const paid = await shop.knex("gift_card_transaction").where({ gift_card_id: card.id }).sum("amount as sum").first();
    const { balance } = await shop.knex("gift_card").where({ id: card.id }).first();
    expect(Number(paid?.["sum"]) + balance).toBe(2500);
    expect(balance).toBeGreaterThanOrEqual(0);
  }, 60_000);
});

describe("a completion that was cut off", () => {
  it("is finished without the shopper: one order, one payment", async () => {
    const cart = await aFilledCart(shop, await aTill(shop.knex, { providers: ["remote"] }));
    const before = service.ledger.totals().authorized;
    service.behave({ step: "authorize", how: "lose" });
    expect((await complete(cart)).status).toBe(503);
    const providers = gatherProviders(5, { payment: [remotePayment(service.url)] });
    const checkout = new CheckoutService(shop.knex, providers, new Events(false));
    await finishOnce(shop.knex, checkout, pino({ level: "silent" }), 0);
    expect(await shop.knex("order").where({ cart_id: cart })).toHaveLength(1);
    expect(service.ledger.totals().authorized).toBe(before + 1000);
    expect(await shop.knex("nettle_checkout")).toEqual([]);
  });
});
