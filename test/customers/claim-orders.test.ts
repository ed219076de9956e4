import jwt from "jsonwebtoken";
import { beforeAll, describe, expect, it } from "vitest";
import { aCustomer, aGuest, aRegion } from "../support/builders.ts";
import { type ApiClient, openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

const tokenPath = "/store/orders/batch/customer/token";
const confirmPath = "/store/orders/customer/confirm";

describe("claiming orders that were placed as a guest", () => {
  const shop = openShop();
  let emil: ApiClient;
  let emilId: string;
  beforeAll(async () => {
    emilId = (await aCustomer(shop.knex, { email: "emil@example.com" })).id;
    emil = shop.openBrowser();
    await emil.post("/store/auth", { email: "emil@example.com", password: "correct-horse" });
    const guest = await aGuest(shop.knex, { email: "guest@example.com" });
    const region = await aRegion(shop.knex);
    const order = { customer_id: guest.id, region_id: region.id, currency_code: "eur" };
    await shop.knex("order").insert([
      { ...order, id: "order_1", email: "guest@example.com" },
      { ...order, id: "order_2", email: "guest@example.com" },
      { ...order, id: "order_3", email: "other@example.com" },
      { ...order, id: "order_4", email: "guest@example.com", status: "canceled" },
    ]);
  });
  const tokenEvents = async (): Promise<
    { old_email: string; orders: string[]; token: string; new_customer_id: string }[]
  > =>
    shop
      .knex("nettle_delivery")
      .where({ name: "order-update-token.created" })
      .orderBy("id")
      .pluck("data");
  const ownerOf = async (id: string) =>
    shop.knex("order").where({ id }).first("customer_id", "email");

  it("refuses invalid requests and tokens", async () => {
    expect(await emil.post(tokenPath, {})).toBeRefused(400, {
      message:
        "each value in order_ids must be a string, each value in order_ids should not be empty",
    });
    expect(await shop.post(confirmPath, {})).toBeRefused(400, {
      message: "token must be a jwt string, token should not be empty",
    });
    expect(await shop.post(confirmPath, { token: "abc" })).toBeRefused(400, {
      message: "token must be a jwt string",
    });
    const claims = { claimingCustomerId: emilId, orders: ["order_1"] };
    for (const token of [
      jwt.sign(claims, "other-secret", { expiresIn: "15m" }),
      jwt.sign(claims, "jwt-secret", { expiresIn: -5 }),
      jwt.sign({ ...claims, iat: Math.floor(Date.now() / 1000) - 1000 }, "jwt-secret", {
        expiresIn: "1d",
      }),
      jwt.sign({ claimingCustomerId: emilId }, "jwt-secret"),
      jwt.sign({ customer_id: emilId, domain: "store" }, "jwt-secret"),
    ]) {
      expect(await shop.post(confirmPath, { token })).toBeRefused(401, { type: "unauthorized" });
    }
    expect(await ownerOf("order_1")).toMatchObject({ email: "guest@example.com" });
  });

  it("sends each order's e-mail address a token for its own orders", async () => {
    const answer = await emil.post(tokenPath, {
      order_ids: ["order_1", "order_2", "order_3", "order_unknown"],
    });
    expect([answer.status, answer.text]).toEqual([200, "OK"]);
    expect(await tokenEvents()).toMatchObject([
      { old_email: "guest@example.com", new_customer_id: emilId, orders: ["order_1", "order_2"] },
      { old_email: "other@example.com", new_customer_id: emilId, orders: ["order_3"] },
    ]);
  });

  it("moves exactly the orders of the token, once", async () => {
    const [event] = await tokenEvents();
    for (let times = 0; times < 2; times++)
      expect((await shop.post(confirmPath, { token: event!.token })).text).toBe("OK");
    for (const id of ["order_1", "order_2"])
      expect(await ownerOf(id)).toEqual({ customer_id: emilId, email: "emil@example.com" });
    expect(await ownerOf("order_3")).toMatchObject({ email: "other@example.com" });
    const { orders } = (await emil.get("/store/auth")).body.customer;
    expect(orders.map(({ id }: { id: string }) => id).toSorted()).toEqual(["order_1", "order_2"]);
  });

  it("does not accept the token as a login", async () => {
    const [event] = await tokenEvents();
    expect(
      await shop.get("/store/customers/me", { authorization: `Bearer ${event!.token}` }),
    ).toBeRefused(401);
  });

  it("refuses canceled orders", async () => {
    const canceled = jwt.sign({ claimingCustomerId: emilId, orders: ["order_4"] }, "jwt-secret");
    expect(await shop.post(confirmPath, { token: canceled })).toBeRefused(400, {
      message: "A canceled order cannot be updated",
    });
  });

  it("refuses deleted customers", async () => {
    const ghost = jwt.sign({ claimingCustomerId: "cus_ghost", orders: ["order_3"] }, "jwt-secret");
    expect(await shop.post(confirmPath, { token: ghost })).toBeRefused(404, {
      message: "Customer with id: cus_ghost was not found",
    });
  });

  it("refuses a customer without an account", async () => {
    const { id } = await aGuest(shop.knex);
    const token = jwt.sign({ customer_id: id, domain: "store" }, "jwt-secret");
    expect(
      await shop.post(tokenPath, { order_ids: ["order_3"] }, { authorization: `Bearer ${token}` }),
    ).toBeRefused(401, {
      message: "Customer does not have an account",
    });
  });
});
