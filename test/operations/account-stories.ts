import { aGuest, anOrder } from "../support/builders.ts";
import {
  expectBody,
  expectRefusal,
  expectText,
  invalid,
  notFound,
  type OperationFixture,
  type Stories,
} from "./operation-fixture.ts";

const address = {
  first_name: "Ada",
  last_name: "Lind",
  address_1: "Strandvejen 1",
  city: "Berlin",
  country_code: "de",
  postal_code: "10115",
};
const password = "correct-horse";
const latestEventData = async ({ knex }: OperationFixture, name: string) =>
  (
    await knex("nettle_delivery")
      .where({ name })
      .orderBy("created_at", "desc")
      .orderBy("id", "desc")
      .first("data")
  ).data;
const aCustomerWithAddress = async (fixture: OperationFixture) => {
  const { browser } = await fixture.customer();
  const { body } = await browser.post("/store/customers/me/addresses", { address });
  return {
    browser,
    path: `/store/customers/me/addresses/${body.customer.shipping_addresses[0].id}`,
  };
};

export const accountStories: Stories = {
  "POST /store/auth": {
    works: async (fixture) => {
      const { email } = await fixture.customer();
      return expectBody(await fixture.post("/store/auth", { email, password }), {
        customer: { email },
      });
    },
    refuses: async (fixture) => {
      const { email } = await fixture.customer();
      return expectRefusal(
        await fixture.post("/store/auth", { email, password: "wrong-horse" }),
        401,
      );
    },
  },
  "GET /store/auth": {
    works: async (fixture) => {
      const { id, browser } = await fixture.customer();
      return expectBody(await browser.get("/store/auth"), { customer: { id } });
    },
    refuses: async (fixture) =>
      expectRefusal(await fixture.get("/store/auth"), 401, { message: "Unauthorized" }),
  },
  "DELETE /store/auth": {
    works: async (fixture) => {
      const { browser } = await fixture.customer();
      const answer = expectText(await browser.delete("/store/auth"), "OK");
      expectRefusal(await browser.get("/store/customers/me"), 401);
      return answer;
    },
    refuses: async (fixture) =>
      expectRefusal(await fixture.sendMalformedJson("delete", "/store/auth"), 400, invalid),
  },
  "POST /store/auth/token": {
    works: async (fixture) => {
      const { email } = await fixture.customer();
      const answer = await fixture.post("/store/auth/token", { email, password });
      const authorization = `Bearer ${answer.body.access_token}`;
      expectBody(await fixture.get("/store/customers/me", { authorization }), {
        customer: { email },
      });
      return answer;
    },
    refuses: async (fixture) =>
      expectRefusal(
        await fixture.post("/store/auth/token", { email: "ada", password }),
        400,
        invalid,
      ),
  },
  "GET /store/auth/{email}": {
    works: async (fixture) => {
      const { email } = await fixture.customer();
      return expectBody(await fixture.get(`/store/auth/${email}`), { exists: true });
    },
    refuses: async (fixture) => expectRefusal(await fixture.get("/store/auth/%00"), 400, invalid),
  },
  "POST /store/customers": {
    works: async (fixture) => {
      const names = { first_name: "Mara", last_name: "Fell" };
      const account = { email: "mara@example.com", password, ...names };
      return expectBody(await fixture.post("/store/customers", account), {
        customer: { email: "mara@example.com", has_account: true },
      });
    },
    refuses: async (fixture) => {
      const { email } = await fixture.customer();
      const account = { email, password, first_name: "Ada", last_name: "Lind" };
      return expectRefusal(await fixture.post("/store/customers", account), 422);
    },
  },
  "GET /store/customers/me": {
    works: async (fixture) => {
      const { id, browser } = await fixture.customer();
      return expectBody(await browser.get("/store/customers/me"), {
        customer: { id, shipping_addresses: [] },
      });
    },
    refuses: async (fixture) => expectRefusal(await fixture.get("/store/customers/me"), 401),
  },
  "POST /store/customers/me": {
    works: async (fixture) => {
      const { browser } = await fixture.customer();
      return expectBody(await browser.post("/store/customers/me", { last_name: "Lind" }), {
        customer: { last_name: "Lind" },
      });
    },
    refuses: async (fixture) => {
      const { browser } = await fixture.customer();
      return expectRefusal(
        await browser.post("/store/customers/me", { has_account: false }),
        400,
        invalid,
      );
    },
  },
  "POST /store/customers/me/addresses": {
    works: async (fixture) => {
      const { browser } = await fixture.customer();
      const answer = await browser.post("/store/customers/me/addresses", { address });
      return expectBody(answer, { customer: { shipping_addresses: [{ city: "Berlin" }] } });
    },
    refuses: async (fixture) => {
      const { browser } = await fixture.customer();
      const nowhere = { address: { ...address, country_code: "zz" } };
      return expectRefusal(
        await browser.post("/store/customers/me/addresses", nowhere),
        404,
        notFound,
      );
    },
  },
  "POST /store/customers/me/addresses/{address_id}": {
    works: async (fixture) => {
      const { browser, path } = await aCustomerWithAddress(fixture);
      return expectBody(await browser.post(path, { city: "Kiel" }), {
        customer: { shipping_addresses: [{ city: "Kiel" }] },
      });
    },
    refuses: async (fixture) => {
      const { path } = await aCustomerWithAddress(fixture);
      const { browser } = await fixture.customer();
      return expectRefusal(await browser.post(path, { city: "Kiel" }), 400, invalid);
    },
  },
  "DELETE /store/customers/me/addresses/{address_id}": {
    works: async (fixture) => {
      const { browser, path } = await aCustomerWithAddress(fixture);
      return expectBody(await browser.delete(path), { customer: { shipping_addresses: [] } });
    },
    refuses: async (fixture) => {
      const { path } = await aCustomerWithAddress(fixture);
      return expectRefusal(await fixture.delete(path), 401);
    },
  },
  "GET /store/customers/me/orders": {
    works: async (fixture) => {
      const { id, browser } = await fixture.customer();
      const order = await anOrder(fixture.knex, { customer_id: id, region_id: fixture.ids.region });
      return expectBody(await browser.get("/store/customers/me/orders"), {
        orders: [{ id: order.id, total: 1740 }],
        count: 1,
      });
    },
    refuses: async (fixture) => {
      const { browser } = await fixture.customer();
      return expectRefusal(
        await browser.get("/store/customers/me/orders?status=lost"),
        400,
        invalid,
      );
    },
  },
  "GET /store/customers/me/payment-methods": {
    works: async (fixture) => {
      const { id, browser } = await fixture.customer();
      const data = { id: `card_${id}`, last4: "4242" };
      const payment_methods = [{ provider_id: "remote", data }];
      return expectBody(await browser.get("/store/customers/me/payment-methods"), {
        payment_methods,
      });
    },
    refuses: async (fixture) =>
      expectRefusal(await fixture.get("/store/customers/me/payment-methods"), 401),
  },
  "POST /store/customers/password-token": {
    works: async (fixture) => {
      const { id, email } = await fixture.customer();
      const answer = expectText(
        await fixture.post("/store/customers/password-token", { email }),
        "",
      );
      expectBody(
        { ...answer, body: await latestEventData(fixture, "customer.password_reset") },
        { id, email },
      );
      return answer;
    },
    refuses: async (fixture) =>
      expectRefusal(
        await fixture.post("/store/customers/password-token", { email: "ada" }),
        400,
        invalid,
      ),
  },
  "POST /store/customers/password-reset": {
    works: async (fixture) => {
      const { id, email } = await fixture.customer();
      await fixture.post("/store/customers/password-token", { email });
      const { token } = await latestEventData(fixture, "customer.password_reset");
      const changed = { email, password: "new-horse-9" };
      const answer = expectBody(
        await fixture.post("/store/customers/password-reset", { ...changed, token }),
        { customer: { id } },
      );
      expectBody(await fixture.post("/store/auth", changed), { customer: { id } });
      return answer;
    },
    refuses: async (fixture) => {
      const { email } = await fixture.customer();
      const guess = { email, password: "new-horse-9", token: "a.b.c" };
      return expectRefusal(await fixture.post("/store/customers/password-reset", guess), 401, {
        type: "unauthorized",
      });
    },
  },
  "POST /store/orders/batch/customer/token": {
    works: async (fixture) => {
      const { id, browser } = await fixture.customer();
      const order = await guestsOrder(fixture);
      const answer = await browser.post("/store/orders/batch/customer/token", {
        order_ids: [order.id],
      });
      const body = await latestEventData(fixture, "order-update-token.created");
      expectBody(
        { ...answer, body },
        { new_customer_id: id, old_email: order.email, orders: [order.id] },
      );
      return expectText(answer, "OK");
    },
    refuses: async (fixture) => {
      const { id } = await guestsOrder(fixture);
      return expectRefusal(
        await fixture.post("/store/orders/batch/customer/token", { order_ids: [id] }),
        401,
      );
    },
  },
  "POST /store/orders/customer/confirm": {
    works: async (fixture) => {
      const { browser } = await fixture.customer();
      const order = await guestsOrder(fixture);
      await browser.post("/store/orders/batch/customer/token", { order_ids: [order.id] });
      const { token } = await latestEventData(fixture, "order-update-token.created");
      const answer = expectText(
        await fixture.post("/store/orders/customer/confirm", { token }),
        "OK",
      );
      expectBody(await browser.get("/store/customers/me/orders"), { orders: [{ id: order.id }] });
      return answer;
    },
    refuses: async (fixture) =>
      expectRefusal(await fixture.post("/store/orders/customer/confirm", { token: "a.b.c" }), 401),
  },
};

/** Inserts an order of a guest. */
async function guestsOrder({ knex, ids: set }: OperationFixture) {
  const guest = await aGuest(knex);
  return anOrder(knex, { customer_id: guest.id, email: guest.email, region_id: set.region });
}
