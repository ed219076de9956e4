import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { activatePaidGiftCards } from "../../src/domains/gift-cards/activate-gift-cards.ts";
import { giftCardMails } from "../../src/domains/gift-cards/gift-card-mails.ts";
import { Events } from "../../src/events/events.ts";
import { startRelay } from "../../src/events/relay.ts";
import { Subscriptions, subscriber } from "../../src/events/subscriptions.ts";
import type { Mails } from "../../src/mails/mails.ts";
import { createLog } from "../../src/runtime/log.ts";
import { aFilledCart, aGiftCard, anOrder, aShopSetup } from "../support/builders.ts";
import { everyEvent, everyEventHeard } from "../support/every-event.ts";
import { decodeMail, type MailServer, openMailServer } from "../support/mail-server.ts";
import { mailsThrough } from "../support/mails-through.ts";
import { openShop } from "../support/open-shop.ts";

describe("a bought gift card", () => {
  const shop = openShop();
  let server: MailServer;
  let stop: () => Promise<void>;
  let setup: Awaited<ReturnType<typeof aShopSetup>>;
  const relay = (mails: Mails) =>
    startRelay(shop.knex, {
      subscriptions: new Subscriptions([
        subscriber(everyEvent.id, giftCardMails(mails, shop.knex, 2)),
      ]),
      retryHours: 24,
      log: createLog("silent"),
      pollIntervalMs: 10,
    });
  beforeAll(async () => {
    server = await openMailServer();
    setup = await aShopSetup(shop.knex, { price: 5000 });
    await shop.knex("product").update({ is_giftcard: true, discountable: false });
    const { mails, close } = await mailsThrough(server, shop.knex);
    const stopRelay = relay(mails);
    stop = async () => {
      await stopRelay();
      close();
      await server.close();
    };
  });
  afterAll(() => stop());
  beforeEach(() => {
    server.mails.length = 0;
  });

  /** Captures an order's payment as Medusa's admin does. */
  const capture = async (order_id: string) => {
    await shop.knex("payment").where({ order_id }).update({ captured_at: new Date() });
    await activatePaidGiftCards(shop.knex, new Events(everyEventHeard, false));
  };
  const buy = async (metadata: object = {}, quantity = 1, isPaid = true) => {
    const { body } = await shop.post("/store/carts", { region_id: setup.regionId });
    const at = `/store/carts/${body.cart.id}`;
    await shop.post(`${at}/line-items`, { variant_id: setup.variantId, quantity, metadata });
    await shop.post(at, { email: "buyer@example.com" });
    await shop.post(`${at}/payment-sessions`);
    const { body: placed } = await shop.post(`${at}/complete`);
    if (isPaid) await capture(placed.data.id);
    return shop.knex("gift_card").where({ order_id: placed.data.id }).pluck("code");
  };
  const mailed = async (count = 1) => {
    await vi.waitFor(() => expect(server.mails).toHaveLength(count), { timeout: 20_000 });
    await vi.waitFor(async () => expect(await shop.knex("nettle_delivery")).toEqual([]), {
      timeout: 20_000,
    });
    return server.mails.map(decodeMail);
  };

  it("is mailed to its buyer, with the other cards of the order", async () => {
    const codes = await buy({}, 2);
    const [mail] = await mailed();
    expect(codes).toHaveLength(2);
    expect(mail).toContain("To: buyer@example.com");
    expect(mail).toContain("Subject: Your gift cards: €100.00");
    for (const code of codes) {
      expect(mail).toContain(`${code}: €50.00`);
      expect((await shop.get(`/store/gift-cards/${code}`)).body.gift_card.balance).toBe(5000);
    }
  });

  it("is mailed in the language of the order's metadata, with its end", async () => {
    const [code] = await buy({}, 1, false);
    const { id, order_id } = await shop.knex("gift_card").where({ code }).first();
    await shop
      .knex("order")
      .where({ id: order_id })
      .update({ metadata: { locale: "de" } });
    const ends_at = new Date("2030-05-31T12:00:00Z");
    await shop.knex("gift_card").where({ id }).update({ ends_at });
    await capture(order_id);
    const [mail] = await mailed();
    expect(mail).toContain("Subject: Ihr Gutschein: 50,00\u00A0€");
    const line = `${code}: 50,00\u00A0€, gültig bis 31. Mai 2030`;
    expect(mail).toContain(line);
  });

  it("is neither mailed nor pays before its order is paid", async () => {
    const [code] = await buy({}, 1, false);
    await activatePaidGiftCards(shop.knex, new Events(everyEventHeard, false));
    expect(await mailed(0)).toEqual([]);
    expect((await shop.get(`/store/gift-cards/${code}`)).status).toBe(404);
    const { body } = await shop.post("/store/carts", { region_id: setup.regionId });
    const pay = () => shop.post(`/store/carts/${body.cart.id}`, { gift_cards: [{ code }] });
    expect(await pay()).toMatchObject({ status: 400, body: { type: "not_allowed" } });
    const { order_id } = await shop.knex("gift_card").where({ code }).first();
    await capture(order_id);
    expect((await mailed())[0]).toContain(code);
    expect((await pay()).status).toBe(200);
    await capture(order_id);
    expect(await mailed()).toHaveLength(1);
  });

  it("is enabled when Medusa's admin sets the order to captured", async () => {
    const [code] = await buy({}, 1, false);
    const { order_id: id } = await shop.knex("gift_card").where({ code }).first();
    await shop.knex("order").where({ id }).update({ payment_status: "captured" });
    await activatePaidGiftCards(shop.knex, new Events(everyEventHeard, false));
    expect((await mailed())[0]).toContain(code);
  });

  it("stays disabled when its order is canceled", async () => {
    const [code] = await buy({}, 1, false);
    const { order_id: id } = await shop.knex("gift_card").where({ code }).first();
    const canceled = { status: "canceled", payment_status: "canceled" };
    await shop.knex("order").where({ id }).update(canceled);
    await capture(id);
    expect(await mailed(0)).toEqual([]);
    expect(await shop.knex("nettle_unpaid_gift_cards")).toEqual([]);
    expect((await shop.get(`/store/gift-cards/${code}`)).status).toBe(404);
  });

  it("is mailed to two recipients at most, and the other cards to the buyer", async () => {
    const { body } = await shop.post("/store/carts", { region_id: setup.regionId });
    const at = `/store/carts/${body.cart.id}`;
    for (const name of ["a", "b", "c", "d", "a"]) {
      const metadata = { email: `${name}@example.com` };
      await shop.post(`${at}/line-items`, { variant_id: setup.variantId, quantity: 1, metadata });
    }
    await shop.post(at, { email: "buyer@example.com" });
    await shop.post(`${at}/payment-sessions`);
    const { body: placed } = await shop.post(`${at}/complete`);
    await capture(placed.data.id);
    const mails = await mailed(3);
    expect(mails.filter((mail) => mail.includes("To: buyer@example.com"))).toHaveLength(1);
  });

  it("is mailed only to the recipient that the buyer names", async () => {
    await buy({ email: "friend@example.com" });
    const [mail] = await mailed();
    expect(mail).toContain("To: friend@example.com");
    expect(mail).not.toContain("buyer@example.com");
  });

  it.each([
    "no address",
    "a@example.com, b@example.com",
    "x@example.com\r\nBcc: y@example.com",
    "<b>@example.com",
    { to: "x@example.com" },
    null,
  ])("is mailed to its buyer when the recipient is invalid: %j", async (email) => {
    await buy({ email, personal_message: "<script>alert(1)</script>" });
    const [mail] = await mailed();
    expect(mail).toContain("To: buyer@example.com");
    expect(mail).not.toMatch(/Bcc|<script|\bb@example/);
  });

  it("is mailed again when the mail server rejects it", async () => {
    server.rejectNext = 1;
    const [code] = await buy();
    expect((await mailed())[0]).toContain(code);
  });

  it("is not mailed when it is disabled or was not bought", async () => {
    const { id: order_id } = await anOrder(shop.knex);
    const disabled = await aGiftCard(shop.knex, { order_id, is_disabled: true });
    const unbought = await aGiftCard(shop.knex);
    const event = { event_id: "evt_1", name: "gift_card.created", subscriber: everyEvent.id };
    for (const { id } of [disabled, unbought])
      await shop.knex("nettle_delivery").insert({ ...event, aggregate: id, data: { id } });
    expect(await mailed(0)).toEqual([]);
  });
});

describe("a bought gift card, where GIFT_CARDS_ACTIVE is ordered", () => {
  const shop = openShop({ settings: { GIFT_CARDS_ACTIVE: "ordered" } });

  it("pays as soon as its order is placed", async () => {
    const setup = await aShopSetup(shop.knex, { price: 5000 });
    await shop.knex("product").update({ is_giftcard: true, discountable: false });
    const cart = await aFilledCart(shop, setup);
    const { body } = await shop.post(`/store/carts/${cart}/complete`);
    const card = await shop.knex("gift_card").where({ order_id: body.data.id }).first();
    expect((await shop.get(`/store/gift-cards/${card.code}`)).status).toBe(200);
  });
});
