import { aCustomer } from "../support/builders.ts";
import { anOrder } from "../support/order-builders.ts";
import { holding, invalid, notFound, refused, type Stage, type Stories, saying } from "./stage.ts";

const address = {
  first_name: "Ada",
  last_name: "Lind",
  address_1: "Strandvejen 1",
  city: "Berlin",
  country_code: "de",
  postal_code: "10115",
};
const password = "correct-horse";
const told = async ({ knex }: Stage, name: string) =>
  (await knex("nettle_outbox").where({ name }).orderBy("created_at", "desc").orderBy("id", "desc").first("data")).data;
const withAddress = async (stage: Stage) => {
  const { browser } = await stage.customer();
  const { body } = await browser.post("/store/customers/me/addresses", { address });
  return { browser, path: `/store/customers/me/addresses/${body.customer.shipping_addresses[0].id}` };
};

export const accountStories: Stories = {
  "POST /store/auth": {
    works: async (stage) => {
      const { email } = await stage.customer();
      return holding(await stage.post("/store/auth", { email, password }), { customer: { email } });
    },
    refuses: async (stage) => {
      const { email } = await stage.customer();
      return refused(await stage.post("/store/auth", { email, password: "wrong-horse" }), 401);
    },
  },
  "GET /store/auth": {
    works: async (stage) => {
      const { id, browser } = await stage.customer();
      return holding(await browser.get("/store/auth"), { customer: { id } });
    },
    refuses: async (stage) => refused(await stage.get("/store/auth"), 401, { message: "Unauthorized" }),
  },
  "DELETE /store/auth": {
    works: async (stage) => {
      const { browser } = await stage.customer();
      const answer = saying(await browser.delete("/store/auth"), "OK");
      refused(await browser.get("/store/customers/me"), 401);
      return answer;
    },
    refuses: async (stage) => refused(await stage.garbled("delete", "/store/auth"), 400, invalid),
  },
  "POST /store/auth/token": {
    works: async (stage) => {
      const { email } = await stage.customer();
      const answer = await stage.post("/store/auth/token", { email, password });
      const authorization = `Bearer ${answer.body.access_token}`;
      holding(await stage.get("/store/customers/me", { authorization }), { customer: { email } });
      return answer;
    },
    refuses: async (stage) => refused(await stage.post("/store/auth/token", { email: "ada", password }), 400, invalid),
  },
  "GET /store/auth/{email}": {
    works: async (stage) => {
      const { email } = await stage.customer();
      return holding(await stage.get(`/store/auth/${email}`), { exists: true });
    },
    refuses: async (stage) => refused(await stage.get("/store/auth/%00"), 400, invalid),
  },
  "POST /store/customers": {
    works: async (stage) => {
      const names = { first_name: "Mara", last_name: "Fell" };
      const account = { email: "mara@example.com", password, ...names };
      return holding(await stage.post("/store/customers", account), {
        customer: { email: "mara@example.com", has_account: true },
      });
    },
    refuses: async (stage) => {
      const { email } = await stage.customer();
      const account = { email, password, first_name: "Ada", last_name: "Lind" };
      return refused(await stage.post("/store/customers", account), 422);
    },
  },
  "GET /store/customers/me": {
    works: async (stage) => {
      const { id, browser } = await stage.customer();
      return holding(await browser.get("/store/customers/me"), { customer: { id, shipping_addresses: [] } });
    },
    refuses: async (stage) => refused(await stage.get("/store/customers/me"), 401),
  },
  "POST /store/customers/me": {
    works: async (stage) => {
      const { browser } = await stage.customer();
      return holding(await browser.post("/store/customers/me", { last_name: "Lind" }), { customer: { last_name: "Lind" } });
    },
    refuses: async (stage) => {
      const { browser } = await stage.customer();
      return refused(await browser.post("/store/customers/me", { has_account: false }), 400, invalid);
    },
  },
  "POST /store/customers/me/addresses": {
    works: async (stage) => {
      const { browser } = await stage.customer();
      const answer = await browser.post("/store/customers/me/addresses", { address });
      return holding(answer, { customer: { shipping_addresses: [{ city: "Berlin" }] } });
    },
    refuses: async (stage) => {
      const { browser } = await stage.customer();
      const nowhere = { address: { ...address, country_code: "zz" } };
      return refused(await browser.post("/store/customers/me/addresses", nowhere), 404, notFound);
    },
  },
  "POST /store/customers/me/addresses/{address_id}": {
    works: async (stage) => {
      const { browser, path } = await withAddress(stage);
      return holding(await browser.post(path, { city: "Kiel" }), { customer: { shipping_addresses: [{ city: "Kiel" }] } });
    },
    refuses: async (stage) => {
      const { path } = await withAddress(stage);
      const { browser } = await stage.customer();
      return refused(await browser.post(path, { city: "Kiel" }), 400, invalid);
    },
  },
  "DELETE /store/customers/me/addresses/{address_id}": {
    works: async (stage) => {
      const { browser, path } = await withAddress(stage);
      return holding(await browser.delete(path), { customer: { shipping_addresses: [] } });
    },
    refuses: async (stage) => {
      const { path } = await withAddress(stage);
      return refused(await stage.delete(path), 401);
    },
  },
  "GET /store/customers/me/orders": {
    works: async (stage) => {
      const { id, browser } = await stage.customer();
      const order = await anOrder(stage.knex, { customer_id: id, region_id: stage.set.region });
      return holding(await browser.get("/store/customers/me/orders"), { orders: [{ id: order.id, total: 1740 }], count: 1 });
    },
    refuses: async (stage) => {
      const { browser } = await stage.customer();
      return refused(await browser.get("/store/customers/me/orders?status=lost"), 400, invalid);
    },
  },
  "GET /store/customers/me/payment-methods": {
    works: async (stage) => {
      const { id, browser } = await stage.customer();
      const data = { id: `card_${id}`, last4: "4242" };
      const payment_methods = [{ provider_id: "remote", data }];
      return holding(await browser.get("/store/customers/me/payment-methods"), { payment_methods });
    },
    refuses: async (stage) => refused(await stage.get("/store/customers/me/payment-methods"), 401),
  },
  "POST /store/customers/password-token": {
    works: async (stage) => {
      const { id, email } = await stage.customer();
      const answer = saying(await stage.post("/store/customers/password-token", { email }), "");
      holding({ ...answer, body: await told(stage, "customer.password_reset") }, { id, email });
      return answer;
    },
    refuses: async (stage) => refused(await stage.post("/store/customers/password-token", { email: "ada" }), 400, invalid),
  },
  "POST /store/customers/password-reset": {
    works: async (stage) => {
      const { id, email } = await stage.customer();
      await stage.post("/store/customers/password-token", { email });
      const { token } = await told(stage, "customer.password_reset");
      const changed = { email, password: "new-horse-9" };
      const answer = holding(await stage.post("/store/customers/password-reset", { ...changed, token }), { customer: { id } });
      holding(await stage.post("/store/auth", changed), { customer: { id } });
      return answer;
    },
    refuses: async (stage) => {
      const { email } = await stage.customer();
      const guess = { email, password: "new-horse-9", token: "a.b.c" };
      return refused(await stage.post("/store/customers/password-reset", guess), 401, { type: "unauthorized" });
    },
  },
  "POST /store/orders/batch/customer/token": {
    works: async (stage) => {
      const { id, browser } = await stage.customer();
      const order = await guestsOrder(stage);
      const answer = await browser.post("/store/orders/batch/customer/token", { order_ids: [order.id] });
      const body = await told(stage, "order-update-token.created");
      holding({ ...answer, body }, { new_customer_id: id, old_email: order.email, orders: [order.id] });
      return saying(answer, "OK");
    },
    refuses: async (stage) => {
      const { id } = await guestsOrder(stage);
      return refused(await stage.post("/store/orders/batch/customer/token", { order_ids: [id] }), 401);
    },
  },
  "POST /store/orders/customer/confirm": {
    works: async (stage) => {
      const { browser } = await stage.customer();
      const order = await guestsOrder(stage);
      await browser.post("/store/orders/batch/customer/token", { order_ids: [order.id] });
      const { token } = await told(stage, "order-update-token.created");
      const answer = saying(await stage.post("/store/orders/customer/confirm", { token }), "OK");
      holding(await browser.get("/store/customers/me/orders"), { orders: [{ id: order.id }] });
      return answer;
    },
    refuses: async (stage) => refused(await stage.post("/store/orders/customer/confirm", { token: "a.b.c" }), 401),
  },
};

/** An order that was placed without an account. */
async function guestsOrder({ knex, set }: Stage) {
  const guest = await aCustomer(knex, { has_account: false, password_hash: null });
  return anOrder(knex, { customer_id: guest.id, email: guest["email"], region_id: set.region });
}
