import { expect, it } from "vitest";
import { clientAt } from "../support/api-client.ts";
import { aShippedOrder } from "../support/builders.ts";
import { endOf, openServers } from "../support/open-servers.ts";
import { aSwap, aSwapSetup, swapRequest } from "./a-swap.ts";

const servers = openServers();
const survivor = () => clientAt(servers.survivor);

const anUnpaidSwap = async () => {
  const setup = await aSwapSetup(servers.knex, { providers: ["remote"], stock: 3 });
  const order = await aShippedOrder(servers.knex, { region_id: setup.regionId });
  return { setup, order, ...(await aSwap(survivor(), swapRequest(order, setup))) };
};
/** Sends a request twenty times at once, to two processes in turn. */
const postToBoth = async (path: string, body?: object) => {
  const other = clientAt((await servers.serve()).url);
  const clients = Array.from({ length: 20 }, (_, number) => (number % 2 ? survivor() : other));
  return Promise.all(clients.map((client) => client.post(path, body)));
};
const stockOf = async (id: string) =>
  (await servers.knex("product_variant").where({ id }).first()).inventory_quantity;

it("two processes that complete one swap's cart together confirm it once", async () => {
  const { setup, id, cartId } = await anUnpaidSwap();
  const { authorized } = servers.service.ledger.totals();
  const answers = await postToBoth(`/store/carts/${cartId}/complete`);
  expect(new Set(answers.map(({ body }) => body.data?.id))).toEqual(new Set([id]));
  expect(servers.service.ledger.totals().authorized).toBe(authorized + 1190);
  expect([
    await servers.knex("payment").where({ swap_id: id }),
    await stockOf(setup.variantId),
  ]).toEqual([[expect.anything()], 2]);
}, 60_000);

it("two processes accept the same return once", async () => {
  const { order } = await anUnpaidSwap();
  const body = { order_id: order.id, items: [{ item_id: order.lines[0], quantity: 2 }] };
  const answers = await postToBoth("/store/returns", body);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 400)).toHaveLength(19);
}, 60_000);

it("a process killed during an authorization leaves the swap to the next request", async () => {
  const { setup, id, cartId } = await anUnpaidSwap();
  const victim = await servers.serveVictim();
  const { authorized } = servers.service.ledger.totals();
  servers.service.setFailureMode({ step: "authorize", kind: "slow", milliseconds: 3000 });
  const reached = servers.waitForProviderCall("authorize");
  const ended = endOf(clientAt(victim.url).post(`/store/carts/${cartId}/complete`));
  await reached;
  victim.signal("SIGKILL");
  expect(await ended).toBe("cut off");
  // The lease of the killed process expires.
  await servers.knex("nettle_checkout").update({ claimed_until: servers.knex.raw("now()") });
  const { status, body } = await survivor().post(`/store/carts/${cartId}/complete`);
  expect([status, body.type, body.data.id]).toEqual([200, "swap", id]);
  expect(servers.service.ledger.totals().authorized).toBe(authorized + 1190);
  expect(await stockOf(setup.variantId)).toBe(2);
}, 60_000);
