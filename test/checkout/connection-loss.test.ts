import { beforeAll, describe, expect, it } from "vitest";
import type { ServerProcess } from "../start/build-program.ts";
import { clientAt } from "../support/api-client.ts";
import { openServers } from "../support/open-servers.ts";
import { aCheckoutCart, expectResult } from "./a-checkout-cart.ts";
import { commitFailPoints, type FailPoint, failPoints } from "./fail-points.ts";

const servers = openServers();

/**
 * Terminates the database connections at a fail point. Expects the same process to resume the
 * completion at the next request.
 */
async function expectToResume(server: ServerProcess, failPoint: FailPoint): Promise<void> {
  const [checkout, before] = [await aCheckoutCart(servers), servers.service.ledger.totals().held];
  const { reached, release } = await failPoint.prepare(servers, checkout);
  const complete = () => clientAt(server.url).post(`/store/carts/${checkout.cart}/complete`);
  const first = complete();
  await reached;
  await servers.terminateVictimConnections();
  await release();
  const isOrder = failPoint.expectedResult === "order";
  expect([503, isOrder ? 200 : 409]).toContain((await first).status);
  const { status, body } = await complete();
  expect([status, isOrder ? body.type : body.errors[0].code]).toEqual(
    isOrder ? [200, "order"] : [409, "insufficient_inventory"],
  );
  await expectResult(servers, failPoint, checkout, before);
}

describe("a completion resumes after its connections were terminated", () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await servers.serveVictim();
  });
  it.each(failPoints)("$name", (failPoint) => expectToResume(server, failPoint));
});

describe("a completion follows the database when its connection is cut", () => {
  it.each(commitFailPoints)("$name", async (failPoint) =>
    expectToResume(await servers.serveVictim(), failPoint),
  );
});
