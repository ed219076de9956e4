import { beforeAll, describe, expect, it } from "vitest";
import type { Serving } from "../start/nettle.ts";
import { openServers, visitorAt } from "./cut-off.ts";
import { aDoomedCart, expectCameTo } from "./doomed-cart.ts";
import { commitCut, type Moment, moments } from "./moments.ts";

const servers = openServers();

/** The connections are cut at a moment of a completion; asked again, the same process goes on. */
async function goesOn(server: Serving, moment: Moment): Promise<void> {
  const [doomed, before] = [await aDoomedCart(servers), servers.service.ledger.totals().held];
  const { arrived, release } = await moment.prepare(servers, doomed);
  const complete = () => visitorAt(server.url).post(`/store/carts/${doomed.cart}/complete`);
  const first = complete();
  await arrived;
  await servers.cutDoomed();
  await release();
  const isOrder = moment.comesTo === "order";
  expect([503, isOrder ? 200 : 409]).toContain((await first).status);
  const { status, body } = await complete();
  expect([status, isOrder ? body.type : body.errors[0].code]).toEqual(isOrder ? [200, "order"] : [409, "insufficient_inventory"]);
  await expectCameTo(servers, moment, doomed, before);
}

describe("a completion goes on when the database's connections are cut", () => {
  let server: Serving;
  beforeAll(async () => {
    server = await servers.serveDoomed();
  });
  it.each(moments)("$name", (moment) => goesOn(server, moment));
});

describe("a completion is as the database says when its connection is cut", () => {
  it.each(commitCut)("$name", async (moment) => goesOn(await servers.serveDoomed(), moment));
});
