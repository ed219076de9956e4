import jwt from "jsonwebtoken";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { accountMails } from "../../src/domains/customers/account-mails.ts";
import { startRelay } from "../../src/events/relay.ts";
import { Subscriptions, subscriber } from "../../src/events/subscriptions.ts";
import { createLog } from "../../src/runtime/log.ts";
import { aCustomer, aGuest, aRegion } from "../support/builders.ts";
import { everyEvent } from "../support/every-event.ts";
import { decodeMail, type MailServer, openMailServer } from "../support/mail-server.ts";
import { mailsThrough } from "../support/mails-through.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

const wrong = { type: "unauthorized", message: "Invalid or expired password reset token" };

describe("resetting a forgotten password", () => {
  const shop = openShop();
  let server: MailServer;
  let close: () => Promise<void>;
  beforeAll(async () => {
    server = await openMailServer();
    const { mail } = readConfig({ STOREFRONT_URL: "https://shop.example/" });
    const { mails, close: closeMailer } = await mailsThrough(server, shop.knex);
    const stop = startRelay(shop.knex, {
      subscriptions: new Subscriptions([
        subscriber(everyEvent.id, accountMails(mails, shop.knex, mail)),
      ]),
      retryHours: 24,
      log: createLog("silent"),
      pollIntervalMs: 10,
    });
    close = async () => {
      await stop();
      closeMailer();
      await server.close();
    };
  });
  afterAll(() => close());

  let ada: { id: string; email: string };
  beforeEach(async () => {
    server.mails.length = 0;
    ada = await aCustomer(shop.knex, { first_name: "<Ada> & Co" });
  });

  const requestToken = (email: string) => shop.post("/store/customers/password-token", { email });
  const reset = (token: string, password = "new-horse-9", email = ada.email) =>
    shop.post("/store/customers/password-reset", { email, token, password });
  const mailed = async () => {
    await vi.waitFor(() => expect(server.mails).toHaveLength(1), { timeout: 20_000 });
    return decodeMail(server.mails[0]!);
  };
  const tokenIn = (mail: string) => /reset-password\?token=([\w.-]+)/.exec(mail)![1]!;
  const signed = async (
    claims: object,
    options: jwt.SignOptions = { expiresIn: "15m" },
    id = ada.id,
  ) => {
    const { password_hash } = await shop.knex("customer").where({ id }).first("password_hash");
    return jwt.sign(claims, password_hash, options);
  };

  it("refuses every wrong token with the same message", async () => {
    const ben = await aCustomer(shop.knex);
    await shop.knex("customer").where({ id: ben.id }).update({ password_hash: "another" });
    const tokens = [
      "abc",
      await signed({ customer_id: ben.id }),
      await signed({ customer_id: ada.id }, { expiresIn: -5 }),
      await signed(
        { customer_id: ada.id, iat: Math.floor(Date.now() / 1000) - 1000 },
        { expiresIn: "1d" },
      ),
      await signed({ customer_id: ada.id }, { expiresIn: "15m", algorithm: "HS512" }),
      await signed({ customer_id: ben.id }, undefined, ben.id),
      jwt.sign({ customer_id: ada.id }, "", { algorithm: "none", expiresIn: "15m" }),
      jwt.sign({ customer_id: ada.id }, "jwt-secret", { expiresIn: "15m" }),
    ];
    for (const token of tokens) expect(await reset(token)).toBeRefused(401, wrong);
    expect(
      await reset(await signed({ customer_id: ada.id }), "new", "nobody@example.com"),
    ).toBeRefused(401, wrong);
    expect(await reset(await signed({ customer_id: ada.id }), "")).toBeRefused(400);
    expect(
      (await shop.post("/store/auth", { email: ada.email, password: "correct-horse" })).status,
    ).toBe(200);
  });

  it("answers every address alike and sends mail only to accounts", async () => {
    await aGuest(shop.knex, { email: "guest@example.com" });
    for (const email of ["nobody@example.com", "guest@example.com"]) {
      const answer = await requestToken(email);
      expect([answer.status, answer.text]).toEqual([204, ""]);
    }
    expect(await shop.knex("nettle_delivery").where({ name: "customer.password_reset" })).toEqual(
      [],
    );
    expect((await requestToken(ada.email.toUpperCase())).status).toBe(204);
    expect(await mailed()).toContain(`To: ${ada.email}`);
  });

  it("mails in the customer's language: of the account, or of the newest cart", async () => {
    const requested = async () => {
      server.mails.length = 0;
      await requestToken(ada.email);
      return mailed();
    };
    await shop.knex("cart").insert({
      ...{ id: "cart_de", region_id: (await aRegion(shop.knex)).id, customer_id: ada.id },
      context: { locale: "de-CH" },
    });
    expect(await requested()).toContain("Subject: Neues Passwort festlegen");
    await shop
      .knex("customer")
      .where({ id: ada.id })
      .update({ metadata: { locale: "en" } });
    expect(await requested()).toContain("Subject: Set a new password");
  });

  it("works once with the token of the mail and ends every session", async () => {
    const browser = shop.openBrowser();
    await browser.post("/store/auth", { email: ada.email, password: "correct-horse" });
    await requestToken(ada.email);
    const mail = await mailed();
    expect(mail).toContain("From: Shop <shop@example.com>");
    expect(mail).toContain("Hello <Ada> & Co,");
    expect(mail).toContain("Hello &lt;Ada&gt; &amp; Co,");
    expect(mail).toContain(`https://shop.example/account/reset-password?token=`);
    const token = tokenIn(mail);
    const answers = await Promise.all([reset(token, "first-horse"), reset(token, "second-horse")]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401]);
    expect(await reset(token)).toBeRefused(401, wrong);
    expect(await browser.get("/store/customers/me")).toBeRefused(401);
    const [winner] = answers.filter(({ status }) => status === 200);
    expect(winner!.body.customer.id).toBe(ada.id);
    expect(
      await shop.post("/store/auth", { email: ada.email, password: "correct-horse" }),
    ).toBeRefused(401);
  });

  it("sends the mail again when the server rejects it", async () => {
    server.rejectNext = 1;
    await requestToken(ada.email);
    expect(await mailed()).toContain(`To: ${ada.email}`);
    await vi.waitFor(async () =>
      expect(await shop.knex("nettle_delivery").where({ name: "customer.password_reset" })).toEqual(
        [],
      ),
    );
  });
});
