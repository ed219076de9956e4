import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { clientAt } from "../support/api-client.ts";
import { endOf, openServers } from "../support/open-servers.ts";
import { aCheckoutCart, expectResult } from "./a-checkout-cart.ts";
import { afterCommit, type CheckoutCart, type FailPoint, failPoints } from "./fail-points.ts";

const servers = openServers();
const leases = () => servers.knex("nettle_checkout");

/** Kills a process at a fail point of a completion, and lets its lease expire. */
async function killAtFailPoint(failPoint: FailPoint, checkout: CheckoutCart): Promise<void> {
  const server = await servers.serveVictim();
  const { reached, release } = await failPoint.prepare(servers, checkout);
  const ended = endOf(clientAt(server.url).post(`/store/carts/${checkout.cart}/complete`));
  await reached;
  server.signal("SIGKILL");
  expect(await ended).toBe("cut off");
  await release();
  // As if the database had noticed that the process is gone.
  await servers.terminateVictimConnections();
  await leases().update({ claimed_until: servers.knex.raw("now() - interval '1 minute'") });
}

describe.each([...failPoints, afterCommit])("a process killed $name", (failPoint) => {
  it("leaves a checkout that another process resumes at the next request", async () => {
    const [checkout, before] = [await aCheckoutCart(servers), servers.service.ledger.totals().held];
    await killAtFailPoint(failPoint, checkout);
    const { status, body } = await clientAt(servers.survivor).post(
      `/store/carts/${checkout.cart}/complete`,
    );
    const isOrder = failPoint.expectedResult === "order";
    expect([status, isOrder ? body.type : body.errors[0].code]).toEqual(
      isOrder ? [200, "order"] : [409, "insufficient_inventory"],
    );
    await expectResult(servers, failPoint, checkout, before);
  });

  it("leaves a checkout that another process finishes in the background", async () => {
    const [checkout, before] = [await aCheckoutCart(servers), servers.service.ledger.totals().held];
    await killAtFailPoint(failPoint, checkout);
    const resumingServer = await servers.serve();
    while ((await leases()).length > 0) await sleep(20);
    resumingServer.signal("SIGTERM");
    if (!failPoint.isBeforeLease) await expectResult(servers, failPoint, checkout, before);
    else expect(await servers.knex("order").where({ cart_id: checkout.cart })).toEqual([]);
  });
});

it("two processes that complete one cart together place one order", async () => {
  const other = await servers.serve();
  const { cart } = await aCheckoutCart(servers);
  const { authorized } = servers.service.ledger.totals();
  const urls = Array.from({ length: 20 }, (_, number) =>
    number % 2 ? servers.survivor : other.url,
  );
  const answers = await Promise.all(
    urls.map((url) => clientAt(url).post(`/store/carts/${cart}/complete`)),
  );
  expect(new Set(answers.map(({ body }) => body.data?.id)).size).toBe(1);
  expect(servers.service.ledger.totals().authorized).toBe(authorized + 1000);
});
