import jwt from "jsonwebtoken";
import { beforeAll, describe, expect, it } from "vitest";
import { aCustomer, aGuest } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

const password = "correct-horse";

describe("logging in", () => {
  const shop = openShop({ settings: { JWT_SECRET_PREVIOUS: "former-secret" } });
  beforeAll(async () => {
    await aCustomer(shop.knex, { email: "ada@example.com" });
    await aGuest(shop.knex, { email: "guest@example.com" });
  });

  it("gives every failed login the same answer", async () => {
    for (const body of [
      { email: "ada@example.com", password: "wrong" },
      { email: "nobody@example.com", password },
      { email: "guest@example.com", password },
      { email: "ada@example.com", password: 12345678 },
      { email: "ada@example.com", password: [password] },
    ]) {
      const answer = await shop.post("/store/auth", body);
      expect(answer).toBeRefused(401, { message: "Unauthorized" });
      expect(answer.headers["set-cookie"]).toBeUndefined();
      expect(await shop.post("/store/auth/token", body)).toBeRefused(401, {
        message: "Unauthorized",
      });
    }
  });

  it("refuses an invalid body with Medusa's message", async () => {
    expect(await shop.post("/store/auth", { remember: true })).toBeRefused(400, {
      type: "invalid_data",
      message:
        "property remember should not exist, email must be an email, password should not be empty",
    });
  });

  it("works by cookie until logout", async () => {
    const ada = shop.openBrowser();
    expect(await ada.get("/store/auth")).toBeRefused(401);
    const answer = await ada.post("/store/auth", { email: "Ada@Example.com", password });
    expect(answer.body.customer).toMatchObject({
      email: "ada@example.com",
      orders: [],
      shipping_addresses: [],
    });
    expect(answer.text).not.toContain("password_hash");
    expect((await ada.get("/store/customers/me")).body.customer.email).toBe("ada@example.com");
    expect((await ada.delete("/store/auth")).text).toBe("OK");
    expect(await ada.get("/store/auth")).toBeRefused(401);
  });

  it("works by token", async () => {
    const { body } = await shop.post("/store/auth/token", { email: "ada@example.com", password });
    const answer = await shop.get("/store/auth", { authorization: `Bearer ${body.access_token}` });
    expect(answer.body.customer.email).toBe("ada@example.com");
  });

  it("accepts a token signed with the previous secret only", async () => {
    const claims = {
      customer_id: (await shop.knex("customer").where({ email: "ada@example.com" }).first("id")).id,
      domain: "store",
    };
    const bearer = (secret: string) => ({ authorization: `Bearer ${jwt.sign(claims, secret)}` });
    expect((await shop.get("/store/auth", bearer("former-secret"))).status).toBe(200);
    expect(await shop.get("/store/auth", bearer("no-secret"))).toBeRefused(401);
    const { body } = await shop.post("/store/auth/token", { email: "ada@example.com", password });
    expect(jwt.verify(body.access_token, "jwt-secret")).toMatchObject(claims);
  });

  it("shows whether an e-mail address has an account", async () => {
    expect((await shop.get("/store/auth/ADA@example.com")).body).toEqual({ exists: true });
    expect((await shop.get("/store/auth/guest@example.com")).body).toEqual({ exists: false });
  });
});
