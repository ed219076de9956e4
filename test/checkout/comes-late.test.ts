import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { openServers, visitorAt } from "./cut-off.ts";
import { aDoomedCart } from "./doomed-cart.ts";

const servers = openServers();

it("a process that stood still while others gave its payment back and began anew places nothing", async () => {
  const { knex, service } = servers;
  const { cart, variantId } = await aDoomedCart(servers);
  const stock = (inventory_quantity: number) => knex("product_variant").where({ id: variantId }).update({ inventory_quantity });
  const before = service.ledger.totals().held;
  const complete = (url: string) => visitorAt(url).post(`/store/carts/${cart}/complete`);

  const late = await servers.serveDoomed();
  service.behave({ step: "authorize", how: "slow", milliseconds: 500 });
  const [asked, lateAnswer] = [servers.asked("authorize"), complete(late.url)];
  await asked;
  late.signal("SIGSTOP");
  while (service.ledger.totals().held === before) await sleep(20);

  await stock(0);
  await knex("nettle_checkout").update({ claimed_until: knex.raw("now()") });
  expect((await complete(servers.survivor)).status).toBe(409);
  expect(service.ledger.totals().held).toBe(before);

  await stock(3);
  service.behave({ step: "authorize", how: "slow", milliseconds: 1500 });
  const [askedAnew, answer] = [servers.asked("authorize"), complete(servers.survivor)];
  await askedAnew;
  late.signal("SIGCONT");
  const [placed, told] = [await answer, await lateAnswer];
  expect([placed.body.type, told.body.data?.id]).toEqual(["order", placed.body.data.id]);
  const [payment] = await knex("payment").where({ order_id: placed.body.data.id });
  expect(service.ledger.payments.get(payment.data.id)).toMatchObject({ authorized: 1000, canceled: 0 });
  expect(service.ledger.totals().held).toBe(before + 1000);
}, 30_000);
