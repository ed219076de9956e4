import { expect, it } from "vitest";
import { clientAt } from "../support/api-client.ts";
import { aShopSetup, fillCart } from "../support/builders.ts";
import { endOf, openServers, type Servers } from "../support/open-servers.ts";

const servers = openServers();

const known = (cart: string) =>
  [...servers.service.ledger.payments.values()].filter(({ resource_id }) => resource_id === cart);
const marks = () => servers.knex("nettle_unfollowed_session");

async function aCart({ knex, survivor }: Servers) {
  const setup = await aShopSetup(knex, { providers: ["remote"] });
  const { id, items } = await fillCart(clientAt(survivor), setup);
  const setQuantity = (url: string, quantity: number) =>
    clientAt(url).post(`/store/carts/${id}/line-items/${items[0].id}`, { quantity });
  return { id, setQuantity };
}

const shown = async (cart: string) =>
  (await clientAt(servers.survivor).get(`/store/carts/${cart}`)).body.cart.payment_session;

it("a process that is killed between COMMIT and the call leaves a mark", async () => {
  const { id, setQuantity } = await aCart(servers);
  const victim = await servers.serveVictim();
  const reached = servers.proxy.failNextCommit(
    "insert into nettle_unfollowed_session",
    "hang after commit",
  );
  const ended = endOf(setQuantity(victim.url, 3));
  await reached;
  await expect.poll(() => marks()).toHaveLength(1);
  victim.signal("SIGKILL");
  expect(await ended).toBe("cut off");
  await servers.terminateVictimConnections();
  expect(known(id)).toMatchObject([{ amount: 1000 }]);
  expect(await shown(id)).toMatchObject({ amount: 3000, status: "error" });
  const { body } = await clientAt(servers.survivor).post(`/store/carts/${id}/complete`);
  expect(body).toMatchObject({ type: "order", data: { total: 3000 } });
  expect(known(id)).toMatchObject([{ amount: 3000, authorized: 3000 }]);
  expect(await marks()).toEqual([]);
});

it("a process that is killed during the call is followed once its lease has ended", async () => {
  const { id, setQuantity } = await aCart(servers);
  const victim = await servers.serveVictim();
  servers.service.setFailureMode({ step: "update", kind: "timeout" });
  const reached = servers.waitForProviderCall("update");
  const ended = endOf(setQuantity(victim.url, 3));
  await reached;
  victim.signal("SIGKILL");
  expect(await ended).toBe("cut off");
  const { body } = await clientAt(servers.survivor).post(`/store/carts/${id}/complete`);
  expect(body).toMatchObject({ type: "order", data: { total: 3000 } });
  expect(known(id)).toMatchObject([{ amount: 3000, authorized: 3000 }]);
});

it("two processes that change a cart at once leave the newest sum with the provider", async () => {
  const other = await servers.serve();
  for (let round = 0; round < 4; round++) {
    const { id, setQuantity } = await aCart(servers);
    servers.service.setFailureMode({ step: "update", kind: "slow", milliseconds: 400 });
    const answers = await Promise.all(
      [2, 3, 4, 5].map((quantity) =>
        setQuantity(quantity % 2 ? servers.survivor : other.url, quantity),
      ),
    );
    for (const { status, text } of answers) expect(status, text).toBe(200);
    const session = await shown(id);
    expect(session.status).toBe("pending");
    expect(known(id)).toMatchObject([{ amount: session.amount }]);
    expect(await marks()).toEqual([]);
  }
});
