import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { asCustomer } from "../support/as-customer.ts";
import { aCustomer, aFilledCart, aShopSetup } from "../support/builders.ts";
import { startFakePaymentProvider } from "../support/fake-payment-provider.ts";
import { openShop } from "../support/open-shop.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";
import "../support/to-be-refused.ts";

const [first, second] = [await startFakePaymentProvider(), await startFakePaymentProvider()];
afterAll(() => Promise.all([first.close(), second.close()]));

describe("saved payment methods", () => {
  const metadataProvider = {
    ...remotePaymentProvider(second.url, "with-metadata"),
    initiate: () => ({ data: {}, customer_metadata: { remote_id: "k_77" } }),
  };
  const shop = openShop({
    settings: { PROVIDER_SECONDS: "1" },
    providers: {
      payment: [
        remotePaymentProvider(first.url, "first"),
        remotePaymentProvider(second.url, "second"),
        metadataProvider,
      ],
    },
  });
  const email = "ada@example.com";
  let customer: string;
  beforeAll(async () => {
    customer = (await aCustomer(shop.knex, { email, metadata: { likes: "tea" } })).id;
  });
  beforeEach(() => {
    for (const service of [first, second]) service.requestedSteps.length = 0;
  });
  const list = (id = customer) => shop.get("/store/customers/me/payment-methods", asCustomer(id));
  const card = (provider_id: string) => ({
    provider_id,
    data: { id: `card_${customer}`, last4: "4242" },
  });

  it("are shown only to their customer", async () => {
    expect(await shop.get("/store/customers/me/payment-methods")).toBeRefused(401);
    expect(await list("cus_gone")).toBeRefused(404);
    expect([first.requestedSteps, second.requestedSteps]).toEqual([[], []]);
  });

  it("come from every provider that stores some, in order", async () => {
    const answer = await list();
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({
      payment_methods: [card("first"), card("second"), card("with-metadata")],
    });
  });

  it.each(["error", "timeout", "invalid_response"] as const)(
    "of other providers are shown while one fails (%s)",
    async (kind) => {
      first.setFailureMode({ step: "savedMethods", kind });
      expect((await list()).body).toEqual({
        payment_methods: [card("second"), card("with-metadata")],
      });
      expect((await list()).body.payment_methods).toHaveLength(3);
    },
  );

  it("are found by what the provider stored of the customer, beside the metadata", async () => {
    const setup = await aShopSetup(shop.knex, { providers: ["with-metadata"] });
    const browser = shop.openBrowser();
    await browser.post("/store/auth", { email, password: "correct-horse" });
    await aFilledCart(browser, setup, { email });
    const { metadata } = await shop.knex("customer").where({ id: customer }).first("metadata");
    expect(metadata).toEqual({ likes: "tea" });
    expect(await shop.knex("nettle_provider_customer")).toMatchObject([
      { customer_id: customer, provider_id: "with-metadata", data: { remote_id: "k_77" } },
    ]);
  });
});
