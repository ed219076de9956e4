import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { startRelay } from "../../src/events/relay.ts";
import { Subscriptions, subscriber } from "../../src/events/subscriptions.ts";
import { mailSubscriber } from "../../src/mail-subscriber.ts";
import { createLog } from "../../src/runtime/log.ts";
import {
  aDiscount,
  aFilledCart,
  aGiftCard,
  aProduct,
  aRegion,
  aShippingOption,
  aShopSetup,
} from "../support/builders.ts";
import { everyEvent } from "../support/every-event.ts";
import { decodeMail, type MailServer, openMailServer } from "../support/mail-server.ts";
import { mailsThrough } from "../support/mails-through.ts";
import { openShop } from "../support/open-shop.ts";

const shop = openShop();
let server: MailServer;
let close: () => Promise<void>;
let setup: Awaited<ReturnType<typeof aShopSetup>> & { optionId: string };
beforeAll(async () => {
  server = await openMailServer();
  const { mails, close: closeMailer } = await mailsThrough(server, shop.knex);
  const config = readConfig({ MAILS: "order.placed,order.return_requested" });
  const { handlers } = mailSubscriber(config, shop.knex, mails);
  const stop = startRelay(shop.knex, {
    subscriptions: new Subscriptions([subscriber(everyEvent.id, Object.fromEntries(handlers))]),
    retryHours: 24,
    log: createLog("silent"),
    pollIntervalMs: 10,
  });
  close = async () => {
    await stop();
    closeMailer();
    await server.close();
  };
  const shopSetup = await aShopSetup(shop.knex, { price: 1000 });
  const option = await aShippingOption(shop.knex, {
    region_id: shopSetup.regionId,
    name: "Post",
    amount: 500,
  });
  setup = { ...shopSetup, optionId: option.id };
});
afterAll(() => close());
beforeEach(async () => {
  server.mails.length = 0;
  server.rejectNext = 0;
});

type Attributes = Parameters<typeof aFilledCart>[2];

/** Orders as a shopper does, after the cart was changed. Returns the order. */
async function order(attributes: Attributes = {}, change: object = {}) {
  const cart = await aFilledCart(shop, setup, attributes);
  const changed = await shop.post(`/store/carts/${cart}`, change);
  expect(changed.status).toBe(200);
  const { body } = await shop.post(`/store/carts/${cart}/complete`);
  expect(body.type).toBe("order");
  return body.data;
}

/** Waits until all events are delivered. Returns the mails that were sent. */
async function mailed(count: number): Promise<string[]> {
  await vi.waitFor(
    async () => expect(await shop.knex("nettle_delivery").whereNull("dead_at")).toEqual([]),
    { timeout: 20_000 },
  );
  expect(server.mails).toHaveLength(count);
  return server.mails.map(decodeMail);
}

/** Returns the plain-text part of a mail. */
const textOf = (mail: string) => mail.split("Content-Type: text/html", 1)[0]!;
const htmlOf = (mail: string) => mail.slice(mail.indexOf("<!doctype html>"));

describe("an order is not mailed about", () => {
  it("when it says so", async () => {
    const placed = await order();
    await mailed(1);
    server.mails.length = 0;
    await shop.knex("nettle_delivery").insert({
      ...{ event_id: "evt_1", subscriber: everyEvent.id, name: "order.placed" },
      ...{ aggregate: placed.id, data: { id: placed.id, no_notification: true } },
    });
    await mailed(0);
  });

  it("when it is gone", async () => {
    const event = { event_id: "evt_1", subscriber: everyEvent.id, name: "order.placed" };
    await shop.knex("nettle_delivery").insert({ ...event, aggregate: "x", data: { id: "x" } });
    await mailed(0);
  });
});

describe("an order", () => {
  it("is confirmed in text and HTML, with what it costs", async () => {
    const discount = await aDiscount(shop.knex, { type: "fixed", value: 300 });
    const card = await aGiftCard(shop.knex, { balance: 200, region_id: setup.regionId });
    const placed = await order({
      email: "ada@example.com",
      quantity: 2,
      discounts: [discount.code],
      giftCards: [card.code],
    });
    const [mail] = await mailed(1);
    expect(mail).toContain("To: ada@example.com");
    expect(mail).toContain(`Subject: Your order ${placed.display_id}`);
    expect(mail).toMatch(/^Message-ID: <evt_\w+@example\.com>$/m);
    expect(mail).toContain("Auto-Submitted: auto-generated");
    expect(mail).toContain("Content-Language: en");
    for (const part of [textOf(mail!), htmlOf(mail!).replaceAll(/<[^>]+>/g, " ")]) {
      const plain = part.replaceAll(/\s+/g, " ");
      expect(plain).toMatch(/Items:? ?€20\.00/);
      expect(plain).toContain(`Discount (${discount.code})`);
      expect(plain).toMatch(/Discount \S+ ?-€3\.00/);
      expect(plain).toMatch(/Shipping \(Post\):? ?€5\.00/);
      expect(plain).toMatch(/Gift card:? ?-€2\.00/);
      expect(plain).toMatch(/Total:? ?€20\.00/);
      expect(plain).not.toContain("Tax");
    }
    expect(placed.total).toBe(2000);
  });

  it("names the tax, and adds it up", async () => {
    const taxed = await aShopSetup(shop.knex, {
      price: 1000,
      region: { tax_rate: 20, currency_code: "eur" },
    });
    const cart = await aFilledCart(shop, taxed);
    const { body } = await shop.post(`/store/carts/${cart}/complete`);
    expect(body.data.total).toBe(1200);
    const text = textOf((await mailed(1))[0]!);
    expect(text).toContain("Items: €10.00\nTax: €2.00\nTotal: €12.00");
  });

  it("is confirmed in a currency without decimals", async () => {
    const { id } = await aRegion(shop.knex, {
      currency_code: "jpy",
      tax_rate: 0,
      payment_providers: ["manual"],
    });
    const product = await aProduct(shop.knex, {
      variants: [{ inventory_quantity: 9, prices: [{ amount: 5000, currency_code: "jpy" }] }],
    });
    const yen = { regionId: id, variantId: product.variants[0]!.id };
    const cart = await aFilledCart(shop, yen);
    await shop.post(`/store/carts/${cart}/complete`);
    expect(textOf((await mailed(1))[0]!)).toContain("Total: ¥5,000");
  });

  it.each([
    ["de-AT", "Ihre Bestellung", "Content-Language: de"],
    ["fr", "Your order", "Content-Language: en"],
    ["'; drop table", "Your order", "Content-Language: en"],
    [{ locale: "de" }, "Your order", "Content-Language: en"],
  ])("is confirmed in the language of the cart's context: %j", async (locale, subject, header) => {
    await order({}, { context: { locale } });
    const [mail] = await mailed(1);
    expect(mail).toContain(`Subject: ${subject}`);
    expect(mail).toContain(header);
  });

  it("is confirmed with what people wrote as text, never as HTML, template or header", async () => {
    const title = "<script>alert(1)</script> {{ order.id }} 日本\r\nBcc: spy@example.com";
    await shop.knex("product").where({ id: setup.productId }).update({ title });
    const cart = await aFilledCart(shop, setup);
    await shop.post(`/store/carts/${cart}`, {
      shipping_address: { first_name: "{{ order.id }}", last_name: "<b>Ö'Neil</b>" },
    });
    expect((await shop.post(`/store/carts/${cart}/complete`)).body.type).toBe("order");
    const [mail] = await mailed(1);
    expect(htmlOf(mail!)).not.toMatch(/<script|<b>/);
    expect(htmlOf(mail!)).toContain("&lt;script&gt;alert(1)&lt;/script&gt; {{ order.id }} 日本");
    expect(textOf(mail!)).toContain("{{ order.id }} <b>Ö'Neil</b>");
    expect(mail).not.toMatch(/^Bcc:/m);
    await shop.knex("product").where({ id: setup.productId }).update({ title: "Kettle" });
  });

  it("is confirmed once the mail server works again, and only once", async () => {
    server.rejectNext = 2;
    await order();
    await mailed(1);
  });

  it("becomes a dead letter when the mail server never works", async () => {
    server.rejectNext = 100;
    const { id } = await order();
    const delivery = () => shop.knex("nettle_delivery").where({ aggregate: id }).first();
    await vi.waitFor(async () => expect((await delivery()).attempts).toBeGreaterThan(0));
    await shop.knex("nettle_delivery").update({
      attempts: 5,
      due_at: new Date(),
      waits_since: shop.knex.raw("now() - interval '25 hours'"),
    });
    await mailed(0);
    expect(await delivery()).toMatchObject({
      error: expect.stringContaining("451 Try again later"),
    });
    await shop.knex("nettle_delivery").delete();
  });
});

describe("a return", () => {
  it("is confirmed with its lines and the refund", async () => {
    const placed = await order({ email: "ada@example.com" }, { context: { locale: "de" } });
    await mailed(1);
    server.mails.length = 0;
    const items = [{ item_id: placed.items[0].id, quantity: 1 }];
    const answer = await shop.post("/store/returns", { order_id: placed.id, items });
    expect(answer.status).toBe(200);
    const [mail] = await mailed(1);
    expect(mail).toContain("To: ada@example.com");
    expect(mail).toContain(`Rücksendung zur Bestellung ${placed.display_id}`);
    expect(textOf(mail!)).toContain("1 × ");
    expect(textOf(mail!)).toContain("erstatten wir Ihnen 10,00\u00A0€");
  });
});
