import jwt from "jsonwebtoken";
import { beforeEach, describe, expect, it } from "vitest";
import { aCustomer } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

const oldPassword = "correct-horse";
const newPassword = "new-horse-9";

describe("changing the password", () => {
  const shop = openShop();
  let email: string;
  let id: string;
  beforeEach(async () => {
    ({ id, email } = await aCustomer(shop.knex));
  });

  const tokenFor = async (password: string): Promise<Record<string, string>> => {
    const { body } = await shop.post("/store/auth/token", { email, password });
    return { authorization: `Bearer ${body.access_token}` };
  };
  const browserFor = async (password: string) => {
    const browser = shop.openBrowser();
    expect((await browser.post("/store/auth", { email, password })).status).toBe(200);
    return browser;
  };
  const me = "/store/customers/me";

  it("keeps the session that did it and ends every other session and token", async () => {
    const [mine, other, token] = [
      await browserFor(oldPassword),
      await browserFor(oldPassword),
      await tokenFor(oldPassword),
    ];
    const medusas = {
      authorization: `Bearer ${jwt.sign({ customer_id: id, domain: "store" }, "jwt-secret")}`,
    };
    expect((await shop.get(me, medusas)).status).toBe(200);
    expect((await mine.post(me, { password: newPassword })).status).toBe(200);
    expect((await mine.get(me)).status).toBe(200);
    expect(await other.get(me)).toBeRefused(401);
    expect(await shop.get(me, token)).toBeRefused(401);
    expect(await shop.get(me, medusas)).toBeRefused(401);
    expect((await shop.get(me, await tokenFor(newPassword))).status).toBe(200);
    expect(await shop.post("/store/auth", { email, password: oldPassword })).toBeRefused(401);
  });

  it("keeps the token that did it, also after a second change", async () => {
    const [token, session] = [await tokenFor(oldPassword), await browserFor(oldPassword)];
    for (const password of [newPassword, "newer-horse"])
      expect((await shop.post(me, { password }, token)).status).toBe(200);
    expect((await shop.get(me, token)).status).toBe(200);
    expect(await session.get(me)).toBeRefused(401);
    const mine = await browserFor("newer-horse");
    await mine.post(me, { password: "newest-horse" });
    expect(await shop.get(me, token)).toBeRefused(401);
  });

  it("ends another token that was issued in the same second", async () => {
    const [mine, other] = await Promise.all([tokenFor(oldPassword), tokenFor(oldPassword)]);
    expect((await shop.post(me, { password: newPassword }, mine)).status).toBe(200);
    expect((await shop.get(me, mine)).status).toBe(200);
    expect(await shop.get(me, other)).toBeRefused(401);
  });

  it("lets the browser of an ended session use a token or log in again", async () => {
    const [mine, other] = [await browserFor(oldPassword), await browserFor(oldPassword)];
    await mine.post(me, { password: newPassword });
    expect((await other.get("/store/regions")).status).toBe(200);
    expect((await other.get(me, await tokenFor(newPassword))).status).toBe(200);
    expect((await other.post("/store/auth", { email, password: newPassword })).status).toBe(200);
    expect((await other.get(me)).status).toBe(200);
  });

  it("does not affect other customers", async () => {
    const ben = await aCustomer(shop.knex);
    const bens = shop.openBrowser();
    await bens.post("/store/auth", { email: ben.email, password: oldPassword });
    await (await browserFor(oldPassword)).post(me, { password: newPassword });
    expect((await bens.get(me)).body.customer.email).toBe(ben.email);
  });

  it("does nothing when the new password is empty", async () => {
    const mine = await browserFor(oldPassword);
    expect((await mine.post(me, { password: "" })).status).toBe(200);
    await browserFor(oldPassword);
  });
});

describe("with PASSWORD_FORM=bcrypt", () => {
  const shop = openShop({ settings: { PASSWORD_FORM: "bcrypt", PASSWORD_BCRYPT_COST: "8" } });

  it("stores the password again at the next login", async () => {
    const { id, email } = await aCustomer(shop.knex);
    const browser = shop.openBrowser();
    await browser.post("/store/auth", { email, password: oldPassword });
    const { password_hash } = await shop.knex("customer").where({ id }).first("password_hash");
    expect(password_hash).toMatch(/^\$2b\$08\$/);
    expect((await browser.get(me)).status).toBe(200);
    expect((await shop.post("/store/auth", { email, password: oldPassword })).status).toBe(200);
  });
  const me = "/store/customers/me";
});
