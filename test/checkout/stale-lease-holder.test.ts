import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { clientAt } from "../support/api-client.ts";
import { openServers } from "../support/open-servers.ts";
import { aCheckoutCart } from "./a-checkout-cart.ts";

const servers = openServers();

it("a process that lost its lease while it was stopped places nothing", async () => {
  const { knex, service } = servers;
  const { cart, variantId } = await aCheckoutCart(servers);
  const stock = (inventory_quantity: number) =>
    knex("product_variant").where({ id: variantId }).update({ inventory_quantity });
  const before = service.ledger.totals().held;
  const complete = (url: string) => clientAt(url).post(`/store/carts/${cart}/complete`);

  const staleHolder = await servers.serveVictim();
  service.setFailureMode({ step: "authorize", kind: "slow", milliseconds: 500 });
  const [reached, lateAnswer] = [
    servers.waitForProviderCall("authorize"),
    complete(staleHolder.url),
  ];
  await reached;
  staleHolder.signal("SIGSTOP");
  while (service.ledger.totals().held === before) await sleep(20);

  await stock(0);
  await knex("nettle_checkout").update({ claimed_until: knex.raw("now()") });
  expect((await complete(servers.survivor)).status).toBe(409);
  expect(service.ledger.totals().held).toBe(before);

  await stock(3);
  service.setFailureMode({ step: "authorize", kind: "slow", milliseconds: 1500 });
  const [reachedAgain, answer] = [
    servers.waitForProviderCall("authorize"),
    complete(servers.survivor),
  ];
  await reachedAgain;
  staleHolder.signal("SIGCONT");
  const [placed, lateResult] = [await answer, await lateAnswer];
  expect([placed.body.type, lateResult.body.data?.id]).toEqual(["order", placed.body.data.id]);
  const [payment] = await knex("payment").where({ order_id: placed.body.data.id });
  expect(service.ledger.payments.get(payment.data.id)).toMatchObject({
    authorized: 1000,
    canceled: 0,
  });
  expect(service.ledger.totals().held).toBe(before + 1000);
}, 30_000);
