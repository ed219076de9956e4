import express from "express";
import { beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { aCustomer, aShopSetup } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

const tooMany = { type: "too_many_requests", message: "Too many requests. Try again later." };
const from = (address: string) => ({ "x-forwarded-for": address });

describe("login attempts for one account", () => {
  const shop = openShop({
    settings: { RATE_LIMIT: "on", RATE_LIMIT_ATTEMPTS: "4", RATE_LIMIT_TRUSTED: "10.9.0.0/16" },
  });
  beforeAll(async () => {
    for (const name of ["ada", "ben"]) await aCustomer(shop.knex, { email: `${name}@example.com` });
  });
  const logIn = (email: string, address: string, path = "/store/auth") =>
    shop.post(path, { email, password: "wrong" }, from(address));

  it("are counted by e-mail and address, whatever the case and endpoint", async () => {
    const first = await logIn("ada@example.com", "192.0.2.1");
    expect(first.headers["ratelimit"]).toMatch(/limit=4, remaining=3, reset=\d+/);
    await logIn("ADA@example.com", "192.0.2.1");
    await logIn("ada@example.com", "192.0.2.1", "/store/auth/token");
    await logIn("Ada@Example.com", "192.0.2.1");
    const refused = await logIn("ada@example.com", "192.0.2.1");
    expect(refused).toBeRefused(429, tooMany);
    expect(refused.headers["retry-after"]).toMatch(/^\d+$/);
    const right = { email: "ada@example.com", password: "correct-horse" };
    expect(await shop.post("/store/auth", right, from("192.0.2.1"))).toBeRefused(429, tooMany);
    expect((await shop.post("/store/auth", right, from("192.0.2.6"))).status).toBe(200);
  });

  it("are counted together for the addresses of one IPv6 network", async () => {
    for (const host of ["1", "2", "3", "4"]) await logIn("eve@example.com", `2001:db8::${host}`);
    expect(await logIn("eve@example.com", "2001:db8:0:1::9")).toBeRefused(429, tooMany);
  });

  it("are not counted if the password is right", async () => {
    const right = { email: "ben@example.com", password: "correct-horse" };
    for (let times = 0; times < 6; times++)
      expect((await shop.post("/store/auth", right, from("192.0.2.9"))).status).toBe(200);
  });

  it("do not block another account from the same address", async () => {
    const right = { email: "ben@example.com", password: "correct-horse" };
    expect((await shop.post("/store/auth", right, from("192.0.2.1"))).status).toBe(200);
  });

  it("are counted separately from registrations and password resets", async () => {
    const body = { email: "ada@example.com", password: "x", token: "abc" };
    for (const [path, input] of [
      ["/store/customers", { email: body.email, password: body.password }],
      ["/store/customers/password-token", { email: body.email }],
      ["/store/customers/password-reset", body],
    ] as const) {
      for (let times = 0; times < 4; times++)
        expect((await shop.post(path, input)).status).not.toBe(429);
      expect(await shop.post(path, input)).toBeRefused(429, tooMany);
    }
  });
});

describe("attempts at one account from many addresses", () => {
  const shop = openShop({
    settings: {
      RATE_LIMIT: "on",
      RATE_LIMIT_ATTEMPTS: "4",
      RATE_LIMIT_ATTEMPTS_BY_ACCOUNT: "8",
    },
  });
  const owner = { email: "ada@example.com", password: "correct-horse" };
  let browser: ReturnType<typeof shop.openBrowser>;
  beforeAll(async () => {
    await aCustomer(shop.knex, { email: owner.email });
    browser = shop.openBrowser();
    expect((await browser.post("/store/auth", owner, from("192.0.2.200"))).status).toBe(200);
    for (let address = 1; address <= 12; address++) await fail("/store/auth", address);
  });
  const wrong = (path: string) => ({
    email: owner.email,
    ...(!path.endsWith("token") && { password: "wrong" }),
    ...(path.endsWith("reset") && { token: "wrong" }),
    ...(path.endsWith("customers") && { first_name: "Ada", last_name: "Lind" }),
  });
  const fail = (path: string, address: number) =>
    shop.post(path, wrong(path), from(`192.0.2.${address}`));

  it.each(["/store/auth", "/store/auth/token"])("leave %s open to its owner", async (path) => {
    expect((await shop.post(path, owner, from("198.51.100.1"))).status).toBe(200);
  });

  it("are fewer and slower for each address", async () => {
    const started = Date.now();
    const statuses: number[] = [];
    for (let times = 0; times < 4; times++) statuses.push((await fail("/store/auth", 99)).status);
    expect(statuses).toEqual([401, 401, 401, 429]);
    expect(Date.now() - started).toBeGreaterThan(1000);
  });

  it.each([
    ["/store/customers/password-token", 204],
    ["/store/customers/password-reset", 401],
    ["/store/customers", 422],
  ])("leave %s open to its owner", async (path, status) => {
    for (let address = 1; address <= 9; address++) await fail(path, address);
    expect((await fail(path, 250)).status).toBe(status);
  });

  it("leave a look-up open to its owner", async () => {
    const path = `/store/orders?display_id=1&email=${owner.email}`;
    for (let address = 1; address <= 9; address++) await shop.get(path, from(`192.0.2.${address}`));
    expect((await shop.get(path, from("198.51.100.1"))).status).toBe(404);
  });

  it("leave a live session alone, even from the same address", async () => {
    for (let times = 0; times < 5; times++) await fail("/store/auth", 150);
    expect((await fail("/store/auth", 150)).status).toBe(429);
    expect((await browser.post("/store/auth", owner, from("192.0.2.150"))).status).toBe(200);
  });
});

describe("codes tried through carts", () => {
  const shop = openShop({
    settings: {
      RATE_LIMIT: "on",
      RATE_LIMIT_ATTEMPTS: "3",
      RATE_LIMIT_ATTEMPTS_BY_ADDRESS: "5",
    },
  });
  const newCart = async () => (await shop.post("/store/carts", {})).body.cart.id as string;
  const change = (cart: string, body: object, address = "192.0.2.1") =>
    shop.post(`/store/carts/${cart}`, body, from(address));
  beforeAll(() => aShopSetup(shop.knex));

  it.each([
    ["discounts", "192.0.2.1"],
    ["gift_cards", "192.0.2.2"],
  ])("count as attempts if they are refused: %s", async (field, address) => {
    const cart = await newCart();
    for (const code of ["A", "B", "C"])
      expect((await change(cart, { [field]: [{ code }] }, address)).status).toBe(404);
    expect(await change(cart, { [field]: [{ code: "D" }] }, address)).toBeRefused(429, tooMany);
    expect((await change(cart, { email: "ada@example.com" }, address)).status).toBe(200);
  });

  it("are counted by address over all carts", async () => {
    const status = [];
    for (let code = 0; code < 6; code++)
      status.push(
        (await change(await newCart(), { discounts: [{ code: `C${code}` }] }, "192.0.2.7")).status,
      );
    expect(status).toEqual([404, 404, 404, 404, 404, 429]);
  });
});

describe("accounts that pass a stranger's e-mail on", () => {
  const email = "dane@example.com";
  const shop = openShop({ settings: { RATE_LIMIT: "on", RATE_LIMIT_ATTEMPTS: "4" } });
  /** Logs customers in who have the e-mail one after another. Returns the statuses of attempts. */
  const byOwners = async (attempt: (browser: ReturnType<typeof shop.openBrowser>) => unknown) => {
    for (let number = 0; number < 3; number++) {
      const browser = shop.openBrowser();
      const names = { first_name: "Mal", last_name: "Ory", password: "correct-horse" };
      const own = `mal${Math.random()}@example.com`;
      await browser.post("/store/customers", { email: own, ...names }, from("192.0.2.9"));
      const taken = await browser.post("/store/customers/me", { email });
      expect(taken.status, taken.text).toBe(200);
      for (let times = 0; times < 3; times++) await attempt(browser);
      await browser.post("/store/customers/me", { email: own });
    }
  };

  it.each([
    ["look up orders", "/store/orders?display_id=7&email=dane@example.com", undefined],
    ["have mails sent", "/store/customers/password-token", { email }],
    ["try passwords", "/store/auth", { email, password: "wrong" }],
  ])("%s no more often than one stranger", async (_, path, body) => {
    const statuses: number[] = [];
    await byOwners(async (browser) => {
      const headers = from("192.0.2.9");
      const answer = body ? browser.post(path, body, headers) : browser.get(path, headers);
      statuses.push((await answer).status);
    });
    expect(statuses.map((status) => status === 429)).toEqual([
      ...Array.from({ length: 4 }, () => false),
      ...Array.from({ length: 5 }, () => true),
    ]);
  });
});

/** Returns whether the app believes the headers of a peer. */
function proxyTrust(peer: string, setting: ReturnType<typeof readConfig>["trustProxy"]): boolean {
  const app = express();
  app.set("trust proxy", setting);
  return (app.get("trust proxy fn") as (address: string, hop: number) => boolean)(peer, 0);
}

describe("attempts from an address", () => {
  const settings = {
    RATE_LIMIT: "on",
    RATE_LIMIT_ATTEMPTS_BY_ADDRESS: "3",
    RATE_LIMIT_TRUSTED: "10.9.0.0/16",
    TRUST_PROXY: "1",
  };
  const shop = openShop({ settings });
  const emailExists = (name: string, headers: Record<string, string>) =>
    shop.get(`/store/auth/${name}@example.com`, headers);

  it("are counted by the proxy's word, not by a forged header", async () => {
    for (const name of ["a", "b", "c"]) {
      expect(
        (await emailExists(name, from(`203.0.113.${name.charCodeAt(0)}, 192.0.2.1`))).status,
      ).toBe(200);
    }
    expect(await emailExists("d", from("198.51.100.1, 192.0.2.1"))).toBeRefused(429, tooMany);
    expect((await emailExists("d", from("192.0.2.2"))).status).toBe(200);
  });

  it("are counted by the connection where no proxy is believed", async () => {
    // The peer is 127.0.0.1 here, which stands for a container's network in production.
    expect(proxyTrust("172.17.0.1", readConfig({}).trustProxy)).toBe(false);
    expect(proxyTrust("10.0.0.9", readConfig({}).trustProxy)).toBe(false);
    expect(proxyTrust("fe80::1", readConfig({}).trustProxy)).toBe(false);
    expect(proxyTrust("127.0.0.1", readConfig({}).trustProxy)).toBe(true);
  });

  it("are not counted for trusted addresses", async () => {
    for (const name of ["a", "b", "c", "d", "e"])
      expect((await emailExists(name, from("10.9.0.7"))).status).toBe(200);
  });

  it("include look-ups of orders and gift cards", async () => {
    await shop.get("/store/gift-cards/GIFT", from("192.0.2.4"));
    await shop.get("/store/orders?display_id=1&email=a@example.com", from("192.0.2.4"));
    await shop.get("/store/gift-cards/GIFT2", from("192.0.2.4"));
    expect(await shop.get("/store/gift-cards/GIFT3", from("192.0.2.4"))).toBeRefused(429, tooMany);
    expect(
      await shop.get("/store/orders?display_id=2&email=b@example.com", from("192.0.2.4")),
    ).toBeRefused(429, tooMany);
  });

  it("do not include other requests", async () => {
    for (let times = 0; times < 6; times++)
      expect((await shop.get("/store/regions", from("192.0.2.3"))).status).toBe(200);
  });
});
