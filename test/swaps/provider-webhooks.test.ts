import { afterAll, beforeAll, expect, it } from "vitest";
import { aShippedOrder } from "../support/builders.ts";
import { startFakePaymentProvider } from "../support/fake-payment-provider.ts";
import { openShop } from "../support/open-shop.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";
import { aSwap, aSwapSetup, swapRequest } from "./a-swap.ts";

/** The customer pays on the provider's own page and never returns; the provider sends a webhook. */
const service = await startFakePaymentProvider();
afterAll(() => service.close());
const shop = openShop({ providers: { payment: [remotePaymentProvider(service.url)] } });
beforeAll(() => {
  service.webhookUrl = `${shop.url}/hooks/payment/remote`;
});

it("confirms the swap and records the capture with it, not with the order", async () => {
  const setup = await aSwapSetup(shop.knex, { providers: ["remote"] });
  const order = await aShippedOrder(shop.knex, { region_id: setup.regionId });
  const { id, cartId } = await aSwap(shop, swapRequest(order, setup));
  const received = { status: 200, body: { received: true } };
  for (let times = 0; times < 2; times++)
    expect(await service.pay(cartId, "captured")).toEqual(received);
  const swap = await shop.knex("swap").where({ id }).first();
  expect(swap).toMatchObject({ payment_status: "captured", confirmed_at: expect.any(String) });
  const eventsNamed = (name: string, about: string) =>
    shop.knex("nettle_delivery").where({ name }).whereRaw("data->>'id' = ?", about);
  expect(await eventsNamed("swap.payment_captured", id)).toHaveLength(1);
  expect(await eventsNamed("order.payment_captured", order.id)).toEqual([]);
});
