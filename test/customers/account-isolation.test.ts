import jwt from "jsonwebtoken";
import { beforeAll, describe, expect, it } from "vitest";
import { aCustomer, anOrder } from "../support/builders.ts";
import { type ApiClient, openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

const me = "/store/customers/me";

describe.each(["session", "token"] as const)(
  "with a %s, Ben cannot reach Ada's account",
  (kind) => {
    const shop = openShop();
    let ben: ApiClient;
    let headers: Record<string, string> = {};
    let ada: { id: string; address: string; cart: string; order: string; hash: string };
    let benId: string;

    beforeAll(async () => {
      const { knex } = shop;
      const { id, password_hash } = await aCustomer(knex, {
        email: "ada@example.com",
        last_name: "Lind",
      });
      const order = await anOrder(knex, { customer_id: id, email: "ada@example.com" });
      ada = {
        id,
        address: `addr_${kind}`,
        cart: `cart_${kind}`,
        order: order.id,
        hash: String(password_hash),
      };
      await knex("cart").insert({ id: ada.cart, region_id: order["region_id"], customer_id: id });
      await knex("order").where({ id: order.id }).update({ cart_id: ada.cart });
      await knex("address").insert({ id: ada.address, customer_id: id, city: "Aarhus" });
      benId = (await aCustomer(knex, { email: "ben@example.com" })).id;
      ben = shop.openBrowser();
      const login = { email: "ben@example.com", password: "correct-horse" };
      if (kind === "session") await ben.post("/store/auth", login);
      else
        headers = {
          authorization: `Bearer ${(await ben.post("/store/auth/token", login)).body.access_token}`,
        };
    });
    const get = (path: string) => ben.get(path, headers);
    const post = (path: string, body: unknown) => ben.post(path, body, headers);
    const adas = async () => {
      const { updated_at, ...customer } = await shop.knex("customer").where({ id: ada.id }).first();
      return { customer, book: await shop.knex("address").where({ customer_id: ada.id }) };
    };

    it("reads show only his own account", async () => {
      for (const path of [me, "/store/auth"]) {
        expect((await get(path)).body.customer).toMatchObject({
          id: benId,
          shipping_addresses: [],
        });
      }
      expect((await get("/store/auth")).body.customer.orders).toEqual([]);
      for (const path of [
        `/store/customers/${ada.id}`,
        `/store/customers/${ada.id}/orders`,
        `${me}/addresses/${ada.address}`,
      ]) {
        expect(await get(path)).toBeRefused(404);
      }
    });

    it("filters find only his own orders", async () => {
      for (const query of [
        "",
        `id=${ada.order}`,
        `cart_id=${ada.cart}`,
        "email=ada@example.com",
        "q=ada@example.com",
        "q=Lind",
      ]) {
        expect((await get(`${me}/orders?${query}`)).body).toMatchObject({ orders: [], count: 0 });
      }
      expect(await get(`${me}/orders?customer_id=${ada.id}`)).toBeRefused(400);
    });

    it("writes cannot change her account or address book", async () => {
      const before = await adas();
      expect(await post(`${me}/addresses/${ada.address}`, { city: "Mine" })).toBeRefused(400);
      expect(await post(me, { billing_address: ada.address })).toBeRefused(404);
      expect(await post(me, { billing_address: { id: ada.address, city: "Mine" } })).toBeRefused(
        400,
      );
      expect(await post(me, { billing_address_id: ada.address })).toBeRefused(400);
      expect(await post(me, { id: ada.id, customer_id: ada.id })).toBeRefused(400);
      expect(await post(me, { email: "Ada@Example.com" })).toBeRefused(422);
      expect(await post(`${me}/addresses`, { address: { customer_id: ada.id } })).toBeRefused(400);
      expect(await post(`/store/customers/${ada.id}`, { first_name: "Mine" })).toBeRefused(404);
      expect((await ben.delete(`${me}/addresses/${ada.address}`, headers)).status).toBe(200);
      expect(await adas()).toEqual(before);
    });

    it("his tokens neither reset her password nor claim her orders", async () => {
      const before = await adas();
      const { password_hash } = await shop
        .knex("customer")
        .where({ id: benId })
        .first("password_hash");
      const sign = (claims: object, secret: string) =>
        jwt.sign(claims, secret, { expiresIn: "15m" });
      for (const token of [
        sign({ customer_id: ada.id }, `${password_hash}x`),
        sign({ customer_id: benId }, ada.hash),
      ]) {
        const body = { email: "ada@example.com", token, password: "mine" };
        expect(await post("/store/customers/password-reset", body)).toBeRefused(401);
      }
      expect(
        (await post("/store/orders/batch/customer/token", { order_ids: [ada.order] })).text,
      ).toBe("OK");
      const [event] = await shop
        .knex("nettle_delivery")
        .where({ name: "order-update-token.created" })
        .pluck("data");
      expect(event.old_email).toBe("ada@example.com");
      const forged = sign({ claimingCustomerId: benId, orders: [ada.order] }, "not-the-secret");
      expect(await post("/store/orders/customer/confirm", { token: forged })).toBeRefused(401);
      expect(await shop.knex("order").where({ id: ada.order }).first("customer_id")).toEqual({
        customer_id: ada.id,
      });
      expect(await adas()).toEqual(before);
    });
  },
);
