import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { releasedPaymentMails } from "../../src/domains/checkout/released-payment-mails.ts";
import { startRelay } from "../../src/events/relay.ts";
import { Subscriptions, subscriber } from "../../src/events/subscriptions.ts";
import { createLog } from "../../src/runtime/log.ts";
import { aFilledCart, aShopSetup } from "../support/builders.ts";
import { everyEvent } from "../support/every-event.ts";
import { startFakePaymentProvider } from "../support/fake-payment-provider.ts";
import { decodeMail, type MailServer, openMailServer } from "../support/mail-server.ts";
import { mailsThrough } from "../support/mails-through.ts";
import { openShop } from "../support/open-shop.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";
import { signatureOf } from "../support/webhook-signature.ts";

const service = await startFakePaymentProvider();
afterAll(() => service.close());
const shop = openShop({ providers: { payment: [remotePaymentProvider(service.url)] } });
let server: MailServer;
beforeAll(async () => {
  server = await openMailServer();
});
afterAll(() => server.close());

const report = (resource_id: string, event: "authorized" | "captured") => {
  const body = JSON.stringify({ event, resource_id });
  return shop.post("/hooks/payment/remote", body, {
    "content-type": "application/json",
    "x-signature": signatureOf(body),
  });
};
/** A cart whose shopper has paid on the provider's page, while its goods were sold out. */
const aPaidCart = async (outcome: "authorized" | "captured") => {
  const setup = await aShopSetup(shop.knex, { providers: ["remote"] });
  const cart = await aFilledCart(shop, setup, { email: "ada@example.com" });
  service.ledger.pay(cart, outcome);
  await shop.knex("product_variant").where({ id: setup.variantId }).update({
    inventory_quantity: 0,
  });
  return cart;
};
const releasesOf = (cart: string) =>
  shop
    .knex("nettle_delivery")
    .where({ name: "cart.payment_released", aggregate: cart })
    .pluck("data");
/** Delivers all events to the mails. */
const deliver = async () => {
  const { mails: sent, close } = await mailsThrough(server, shop.knex);
  const mails = subscriber(everyEvent.id, releasedPaymentMails(sent, shop.knex));
  const stop = startRelay(shop.knex, {
    subscriptions: new Subscriptions([mails]),
    log: createLog("silent"),
    retryHours: 24,
    pollIntervalMs: 5,
  });
  await expect.poll(() => shop.knex("nettle_delivery"), { timeout: 10_000 }).toEqual([]);
  await stop();
  close();
};

describe("a paid cart of which no order can be made", () => {
  it.each(["authorized", "captured"] as const)(
    "publishes that its payment is released, and its buyer is mailed: %s",
    async (outcome) => {
      const cart = await aPaidCart(outcome);
      await report(cart, outcome);
      const [session] = await shop.knex("payment_session").where({ cart_id: cart });
      const released = {
        id: cart,
        payment_session_id: session.id,
        provider_id: "remote",
        amount: 1000,
        currency_code: "eur",
        reason: expect.stringContaining("inventory"),
        initiated_by: "payment_provider",
      };
      expect(await releasesOf(cart)).toEqual([released]);
      await report(cart, outcome);
      expect(await releasesOf(cart), "once, however often it is reported").toHaveLength(1);
      server.mails.length = 0;
      await deliver();
      expect(server.mails).toHaveLength(1);
      const mail = decodeMail(server.mails[0]!);
      expect(mail).toContain("To: ada@example.com");
      expect(mail).toContain("could not place your order");
    },
  );

  it("mails nobody who has seen the refusal", async () => {
    const setup = await aShopSetup(shop.knex, { providers: ["remote"], stock: 1 });
    const carts = [await aFilledCart(shop, setup), await aFilledCart(shop, setup)];
    const complete = (cart: string) => shop.post(`/store/carts/${cart}/complete`);
    const answers = await Promise.all(carts.map(complete));
    const lost = carts.find((_, at) => answers[at]!.body.type !== "order")!;
    for (const event of await releasesOf(lost))
      expect(event).toMatchObject({ initiated_by: "shopper" });
    server.mails.length = 0;
    await deliver();
    expect(server.mails).toEqual([]);
  });
});
