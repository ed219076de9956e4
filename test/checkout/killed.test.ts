import { setTimeout as sleep } from "node:timers/promises";
import supertest from "supertest";
import { describe, expect, it } from "vitest";
import { openServers, visitorAt } from "./cut-off.ts";
import { aDoomedCart, expectCameTo } from "./doomed-cart.ts";
import { committed, type Doomed, type Moment, moments } from "./moments.ts";

const servers = openServers();
const claims = () => servers.knex("nettle_checkout");

/** A process completes a cart and is killed at a moment of it; its claim runs out. */
async function kill(moment: Moment, doomed: Doomed): Promise<void> {
  const server = await servers.serveDoomed();
  const { arrived, release } = await moment.prepare(servers, doomed);
  const answer = supertest(server.url)
    .post(`/store/carts/${doomed.cart}/complete`)
    .then(
      ({ status }) => `answered ${status}`,
      () => "cut off",
    );
  await arrived;
  server.signal("SIGKILL");
  expect(await answer).toBe("cut off");
  await release();
  // The database has noticed that nobody is there any more.
  await servers.cutDoomed();
  await claims().update({ claimed_until: servers.knex.raw("now() - interval '1 minute'") });
}

describe.each([...moments, committed])("a process killed $name", (moment) => {
  it("leaves what another process goes on with when it is asked again", async () => {
    const [doomed, before] = [await aDoomedCart(servers), servers.service.ledger.totals().held];
    await kill(moment, doomed);
    const { status, body } = await visitorAt(servers.survivor).post(`/store/carts/${doomed.cart}/complete`);
    const isOrder = moment.comesTo === "order";
    expect([status, isOrder ? body.type : body.errors[0].code]).toEqual(
      isOrder ? [200, "order"] : [409, "insufficient_inventory"],
    );
    await expectCameTo(servers, moment, doomed, before);
  });

  it("leaves what another process finishes by itself", async () => {
    const [doomed, before] = [await aDoomedCart(servers), servers.service.ledger.totals().held];
    await kill(moment, doomed);
    const sweeper = await servers.serve();
    while ((await claims()).length > 0) await sleep(20);
    sweeper.signal("SIGTERM");
    const isUnbegun = moment.name === "while it claims the cart";
    if (!isUnbegun) await expectCameTo(servers, moment, doomed, before);
    else expect(await servers.knex("order").where({ cart_id: doomed.cart })).toEqual([]);
  });
});

it("two processes complete one cart together: one order, one payment", async () => {
  const other = await servers.serve();
  const { cart } = await aDoomedCart(servers);
  const { authorized } = servers.service.ledger.totals();
  const urls = Array.from({ length: 20 }, (_, number) => (number % 2 ? servers.survivor : other.url));
  const answers = await Promise.all(urls.map((url) => visitorAt(url).post(`/store/carts/${cart}/complete`)));
  expect(new Set(answers.map(({ body }) => body.data?.id)).size).toBe(1);
  expect(servers.service.ledger.totals().authorized).toBe(authorized + 1000);
});
