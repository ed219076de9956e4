import { beforeAll, describe, expect, it } from "vitest";
import { aCustomer } from "../support/builders.ts";
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

  it("are counted by e-mail, whatever the address, case and endpoint", async () => {
    const first = await logIn("ada@example.com", "192.0.2.1");
    expect(first.headers["ratelimit"]).toMatch(/limit=4, remaining=3, reset=\d+/);
    await logIn("ADA@example.com", "192.0.2.2");
    await logIn("ada@example.com", "10.9.1.1", "/store/auth/token");
    await logIn("Ada@Example.com", "192.0.2.4");
    const refused = await logIn("ada@example.com", "192.0.2.5");
    expect(refused).toBeRefused(429, tooMany);
    expect(refused.headers["retry-after"]).toMatch(/^\d+$/);
    const right = { email: "ada@example.com", password: "correct-horse" };
    expect(await shop.post("/store/auth", right, from("192.0.2.6"))).toBeRefused(429, tooMany);
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
