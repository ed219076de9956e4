import Stripe from "stripe";
import { afterAll, beforeAll, expect, it } from "vitest";
import { clientAt } from "../support/api-client.ts";
import { aFilledCart, aShopSetup } from "../support/builders.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { openWebhookReceiver, type WebhookReceiver } from "../support/webhook-receiver.ts";
import { buildProgram } from "./build-program.ts";

const program = buildProgram();
const stripe = new Stripe("sk_test_1");
let database: TestDatabase;
let receiver: WebhookReceiver;
beforeAll(async () => {
  database = await openDatabase();
  receiver = await openWebhookReceiver();
});
afterAll(async () => {
  program.remove();
  await receiver.close();
  await database.drop();
});

const settings = (more: Record<string, string> = {}) => ({
  DATABASE_URL: database.url,
  JWT_SECRET: "jwt-secret",
  COOKIE_SECRET: "cookie-secret",
  RATE_LIMIT: "off",
  ...more,
});
const allowed = { WEBHOOK_NETWORKS: "127.0.0.0/8" };
const nettle = (command: string, more: Record<string, string> = allowed) =>
  program.run(command, settings(more));
const here = () => `http://127.0.0.1:${receiver.port}/hooks`;
const placeOrder = async (url: string) => {
  const shop = { ...clientAt(url), knex: database.knex };
  const cart = await aFilledCart(shop, await aShopSetup(database.knex));
  const { body } = await shop.post(`/store/carts/${cart}/complete`);
  return body.data.id as string;
};

it("addresses that no event may be sent to are refused", async () => {
  for (const [url, message] of [
    ["ftp://erp.example/", "is not an address such as"],
    ["erp.example", "is not an address such as"],
    ["https://shop:secret@1.1.1.1/", "has a user or a password"],
    [here(), "127.0.0.1, which is not on the Internet"],
    ["https://localhost/", "localhost is at"],
    ["https://169.254.169.254/latest", "169.254.169.254, which is not on the Internet"],
    ["http://1.1.1.1/", "by https only"],
  ]) {
    const { code, error } = await nettle(`webhooks add ${url} --events order.placed`, {});
    expect([code, error], url!).toEqual([1, expect.stringContaining(message!)]);
    expect(error).not.toContain("secret@");
  }
}, 90_000);

it("events that the shop does not publish are refused", async () => {
  for (const [words, message] of [
    ["", "required option '--events <names>'"],
    ["--events ,", "--events must name some of"],
    ["--events order.placed,order.shipped", 'there is no "order.shipped"'],
  ]) {
    const { code, error } = await nettle(`webhooks add ${here()} ${words}`.trim());
    expect([code, error], words!).toEqual([1, expect.stringContaining(message!)]);
  }
  expect((await nettle("webhooks remove we_1")).error).toContain("There is no webhook we_1");
}, 90_000);

it("an order is sent, signed as Stripe signs, until it arrives or is a dead letter", async () => {
  const serving = await program.serve(settings(allowed));
  const added = await nettle(
    `webhooks add ${here()} --events order.placed,cart.customer_updated --json`,
  );
  const { id, secret } = JSON.parse(added.out);
  expect(secret).toMatch(/^whsec_[\w-]{32}$/);
  const listed = await nettle("webhooks list");
  expect(listed.out).toBe(`${id}  ${here()}  order.placed, cart.customer_updated\n`);
  expect((await nettle("webhooks list --json")).out).not.toContain(secret);

  const isSent = (name: string) =>
    receiver.received.some(({ body }) => body.includes(`"type":"${name}"`));
  await expect
    .poll(() => placeOrder(serving.url).then(() => isSent("order.placed")), { timeout: 20_000 })
    .toBe(true);
  await expect.poll(() => database.knex("nettle_delivery"), { timeout: 20_000 }).toEqual([]);
  const { headers, path, body } = receiver.received.find(({ body }) => body.includes("placed"))!;
  expect(path).toBe("/hooks");
  expect(headers).toMatchObject({ "content-type": "application/json; charset=utf-8" });
  const verify = (text: string, key: string) =>
    stripe.webhooks.constructEvent(text, headers["nettle-signature"]!, key);
  expect(verify(body, secret)).toMatchObject({
    id: expect.stringMatching(/^evt_/),
    type: "order.placed",
    data: { id: expect.stringMatching(/^order_/) },
  });
  expect(() => verify(`${body} `, secret)).toThrow();
  expect(() => verify(body, "whsec_another")).toThrow();

  receiver.answer = (response) => void response.writeHead(503).end("closed\u001b[2J for\n today");
  receiver.received.length = 0;
  const late = await placeOrder(serving.url);
  const triesOf = (order: string) =>
    receiver.received.filter(({ body }) => body.includes(order)).map(({ body }) => body);
  await expect.poll(() => triesOf(late).length, { timeout: 20_000 }).toBeGreaterThan(1);
  expect(new Set(triesOf(late)).size, "every try has the same body").toBe(1);
  await database
    .knex("nettle_delivery")
    .update({ waits_since: database.knex.raw("now() - interval '25 hours'") });
  const dead = async () => JSON.parse((await nettle("webhooks dead --json")).out).dead_letters;
  await expect.poll(async () => (await dead()).length, { timeout: 40_000 }).toBeGreaterThan(0);
  await expect
    .poll(() => database.knex("nettle_delivery").whereNull("dead_at"), { timeout: 40_000 })
    .toEqual([]);
  const shown = await nettle("webhooks dead");
  expect(shown.out).toMatch(/order.placed {2}we_\w+ {2}\d+ tries .*It answered 503: closed \[2J/);

  receiver.answer = (response) => void response.writeHead(200).end("thanks");
  receiver.received.length = 0;
  expect((await nettle("webhooks retry --all")).out).toContain("sent again by the running servers");
  await expect.poll(() => triesOf(late).length, { timeout: 20_000 }).toBe(1);

  expect((await nettle(`webhooks remove ${id}`)).out).toBe(`${id} receives no more events\n`);
  expect((await nettle("webhooks list")).out).toBe("There are no webhooks\n");
  serving.signal("SIGTERM");
  expect(await serving.ended()).toBe(0);
}, 150_000);

it("an address that is forbidden by now is not called", async () => {
  await nettle(`webhooks add http://localhost:${receiver.port}/ --events order.placed`, {
    WEBHOOK_NETWORKS: "127.0.0.0/8,::1",
  });
  receiver.received.length = 0;
  const serving = await program.serve(settings());
  await placeOrder(serving.url);
  const failed = () => database.knex("nettle_delivery").whereNotNull("error").pluck("error");
  await expect.poll(failed, { timeout: 20_000 }).toHaveLength(1);
  expect((await failed())[0]).toMatch(/ForbiddenAddressError: localhost is at/);
  expect(receiver.received).toEqual([]);
  serving.signal("SIGTERM");
  await serving.ended();
}, 60_000);
