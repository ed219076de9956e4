import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { giftCardMails } from "../../src/domains/gift-cards/gift-card-mails.ts";
import { startRelay } from "../../src/events/relay.ts";
import { smtpMailer } from "../../src/providers/notification/smtp-mailer.ts";
import { createLog } from "../../src/runtime/log.ts";
import { aGiftCard, anOrder, aShopSetup } from "../support/builders.ts";
import { decodeMail, type MailServer, openMailServer } from "../support/mail-server.ts";
import { openShop } from "../support/open-shop.ts";

describe("a bought gift card", () => {
  const shop = openShop();
  let server: MailServer;
  let stop: () => Promise<void>;
  let setup: Awaited<ReturnType<typeof aShopSetup>>;
  const relay = (mailer: ReturnType<typeof smtpMailer>) =>
    startRelay(shop.knex, {
      subscribers: giftCardMails(mailer, shop.knex),
      log: createLog("silent"),
      pollIntervalMs: 10,
    });
  beforeAll(async () => {
    server = await openMailServer();
    setup = await aShopSetup(shop.knex, { price: 5000 });
    await shop.knex("product").update({ is_giftcard: true, discountable: false });
    const mailer = smtpMailer(server.url, "Shop <shop@example.com>", "required");
    const stopRelay = relay(mailer);
    stop = async () => {
      await stopRelay();
      mailer.close();
      await server.close();
    };
  });
  afterAll(() => stop());
  beforeEach(() => {
    server.mails.length = 0;
  });

  const buy = async (metadata: object = {}, quantity = 1) => {
    const { body } = await shop.post("/store/carts", { region_id: setup.regionId });
    const at = `/store/carts/${body.cart.id}`;
    await shop.post(`${at}/line-items`, { variant_id: setup.variantId, quantity, metadata });
    await shop.post(at, { email: "buyer@example.com" });
    await shop.post(`${at}/payment-sessions`);
    const { body: placed } = await shop.post(`${at}/complete`);
    return shop.knex("gift_card").where({ order_id: placed.data.id }).pluck("code");
  };
  const mailed = async (count = 1) => {
    await vi.waitFor(() => expect(server.mails).toHaveLength(count), { timeout: 20_000 });
    await vi.waitFor(async () => expect(await shop.knex("nettle_outbox")).toEqual([]), {
      timeout: 20_000,
    });
    return server.mails.map(decodeMail);
  };

  it("is mailed to its buyer, each card by itself", async () => {
    const codes = await buy({}, 2);
    const mails = await mailed(2);
    expect(codes).toHaveLength(2);
    for (const code of codes) {
      const [mail] = mails.filter((text) => text.includes(code));
      expect(mail).toContain("To: buyer@example.com");
      expect(mail).toContain("Subject: Your gift card worth EUR 50.00");
      expect(mail).toContain(`here is a gift card worth EUR 50.00. Its code: ${code}`);
    }
    expect((await shop.get(`/store/gift-cards/${codes[0]}`)).body.gift_card.balance).toBe(5000);
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
    for (const { id } of [disabled, unbought])
      await shop
        .knex("nettle_outbox")
        .insert({ id: `event_${id}`, name: "gift_card.created", data: { id } });
    expect(await mailed(0)).toEqual([]);
  });
});
