import { describe, expect, it } from "vitest";
import { aGuest } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

const password = "s3cret-horse";

describe("registering", () => {
  const shop = openShop();
  const eventsNamed = (name: string) => shop.knex("nettle_delivery").where({ name }).pluck("data");

  it("refuses an invalid account with Medusa's message", async () => {
    expect(await shop.post("/store/customers", {})).toBeRefused(400, {
      type: "invalid_data",
      message: "email must be an email, password must be a string",
    });
    expect(
      await shop.post("/store/customers", {
        email: "a@b.co",
        password,
        has_account: false,
        phone: 1,
      }),
    ).toBeRefused(400, {
      message: "property has_account should not exist, phone must be a string",
    });
    expect(await shop.post("/store/customers", { email: "a@b.co", password: "" })).toBeRefused(
      400,
      {
        message: "password should not be empty",
      },
    );
    expect(await shop.knex("customer")).toEqual([]);
  });

  it("logs in, lower-cases the e-mail and publishes an event", async () => {
    const greta = shop.openBrowser();
    const answer = await greta.post("/store/customers", {
      email: "Greta@Example.com",
      password,
      first_name: "Greta",
    });
    expect(answer.body.customer).toMatchObject({
      email: "greta@example.com",
      first_name: "Greta",
      has_account: true,
    });
    expect((await greta.get("/store/customers/me")).body.customer.id).toBe(answer.body.customer.id);
    expect(answer.text).not.toContain("password");
    const [event] = await eventsNamed("customer.created");
    expect(event).toMatchObject({ id: answer.body.customer.id, email: "greta@example.com" });
    expect(event).not.toHaveProperty("password_hash");
  });

  it("is refused the second time, without an event", async () => {
    const before = await eventsNamed("customer.created");
    const again = await shop.post("/store/customers", { email: "GRETA@example.com", password });
    expect(again).toBeRefused(422, {
      type: "duplicate_error",
      message: "A customer with the given email already has an account. Log in instead",
    });
    expect(again.headers["set-cookie"]).toBeUndefined();
    expect(await eventsNamed("customer.created")).toEqual(before);
  });

  it("creates one account for ten requests at once", async () => {
    const body = { email: "race@example.com", password };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => shop.post("/store/customers", body)),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(9).fill(422)]);
    expect(await shop.knex("customer").where({ email: "race@example.com" })).toHaveLength(1);
  });

  it("keeps the guest with the same e-mail a guest", async () => {
    const guest = await aGuest(shop.knex, { email: "guest@example.com" });
    const { body } = await shop.post("/store/customers", { email: "guest@example.com", password });
    expect(body.customer.id).not.toBe(guest.id);
    expect(await shop.knex("customer").where({ id: guest.id }).first()).toMatchObject({
      has_account: false,
    });
  });

  it("replaces the login of another customer", async () => {
    const browser = shop.openBrowser();
    await browser.post("/store/customers", { email: "one@example.com", password });
    await browser.post("/store/customers", { email: "two@example.com", password });
    expect((await browser.get("/store/customers/me")).body.customer.email).toBe("two@example.com");
  });
});
