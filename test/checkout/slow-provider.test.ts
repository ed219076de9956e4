import { expect, it } from "vitest";
import { clientAt } from "../support/api-client.ts";
import { aFilledCart, aShopSetup } from "../support/builders.ts";
import { openServers } from "../support/open-servers.ts";

const servers = openServers({ settings: { PROVIDER_SECONDS: "20" } });

it("a slow authorization keeps its lease while another process completes the cart", async () => {
  const { knex, service } = servers;
  const clients = [servers.survivor, (await servers.serve()).url].map(clientAt);
  const setup = await aShopSetup(knex, { providers: ["remote"], stock: 3 });
  const cart = await aFilledCart(clients[0]!, setup);
  service.setFailureMode({ step: "authorize", kind: "slow", milliseconds: 12_000 });
  const answers = await Promise.all(
    clients.map((client) => client.post(`/store/carts/${cart}/complete`)),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  expect(service.requestedSteps.filter((step) => step === "authorize")).toHaveLength(1);
  expect(await knex("order").where({ cart_id: cart })).toHaveLength(1);
  expect(service.ledger.totals().held).toBe(1000);
});
