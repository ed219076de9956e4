import { afterAll, beforeAll, expect, it } from "vitest";
import { openShop } from "../support/open-shop.ts";
import { startPaymentService } from "../support/payment-service.ts";
import { remotePayment } from "../support/remote-payment-provider.ts";
import { aSentOrder, aStall, aSwap, swapOf } from "./a-swap.ts";

/** The customer pays on the provider's own page and never comes back: the provider's server tells the shop. */
const service = await startPaymentService();
afterAll(() => service.close());
const shop = openShop({ providers: { payment: [remotePayment(service.url)] } });
beforeAll(() => {
  service.hook = `${shop.url}/hooks/payment/remote`;
});

it("a swap that is paid there is confirmed, and its payment is noted with the swap, not with the order", async () => {
  const stall = await aStall(shop.knex, { providers: ["remote"] });
  const order = await aSentOrder(shop.knex, stall);
  const { id, cartId } = await aSwap(shop, swapOf(order, stall));
  const received = { status: 200, body: { received: true } };
  for (let times = 0; times < 2; times++) expect(await service.pay(cartId, "captured")).toEqual(received);
  const swap = await shop.knex("swap").where({ id }).first();
  expect(swap).toMatchObject({ payment_status: "captured", confirmed_at: expect.any(String) });
  const told = (name: string, about: string) => shop.knex("nettle_outbox").where({ name }).whereRaw("data->>'id' = ?", about);
  expect(await told("swap.payment_captured", id)).toHaveLength(1);
  expect(await told("order.payment_captured", order.id)).toEqual([]);
});
