import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ProviderCustomer } from "../../src/providers/parties.ts";
import type {
  PaymentProvider,
  PaymentQuestion,
} from "../../src/providers/payment/payment-provider.ts";
import { asCustomer } from "../support/as-customer.ts";
import { aCustomer, aFilledCart, aGuest, aShippedOrder } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import { aSwapSetup, swapRequest } from "../swaps/a-swap.ts";
import "../support/to-be-refused.ts";

type Asked = { step: string; customer: ProviderCustomer | null };
const asked: Asked[] = [];
const note = (step: string, customer: ProviderCustomer | null) => asked.push({ step, customer });

/** Knows each customer by an id of its own, which it wants to receive again. */
const vault: PaymentProvider = {
  id: "vault",
  reservedCustomerKeys: ["vault_id"],
  initiate: ({ customer, email }: PaymentQuestion) => {
    note("initiate", customer);
    const known = customer?.metadata?.["vault_id"];
    return { data: {}, customer_metadata: { vault_id: known ?? `v_${email}` } };
  },
  update: ({ customer, data }: PaymentQuestion) => {
    note("update", customer);
    return { data };
  },
  updateData: ({ data }) => ({ data }),
  authorize: ({ data }) => ({ status: "authorized", data }),
  cancel: ({ data }) => ({ data }),
  refund: ({ data }) => ({ data }),
  delete: () => ({}),
  retrieve: ({ data }) => ({ status: "authorized", data }),
  savedMethods: ({ customer }) => {
    note("savedMethods", customer);
    return [];
  },
};

describe("who a payment provider is told to be paying", () => {
  const shop = openShop({ providers: { payment: [vault] } });
  let setup: Awaited<ReturnType<typeof aSwapSetup>>;
  let adaId: string;
  let benId: string;
  beforeAll(async () => {
    setup = await aSwapSetup(shop.knex, { providers: ["vault"] });
  });
  beforeEach(async () => {
    await shop.knex("nettle_provider_customer").delete();
    const metadata = { stripe_id: "cus_s", vault_id: "v_ada", vip: "yes" };
    adaId = (await aCustomer(shop.knex, { metadata })).id;
    benId = (await aCustomer(shop.knex)).id;
    asked.length = 0;
  });
  const stored = () => shop.knex("nettle_provider_customer").select("customer_id", "data");
  const sessions = (cartId: string, headers = {}) =>
    shop.post(`/store/carts/${cartId}/payment-sessions`, {}, headers);

  it("is the logged-in customer of the cart, by what the provider stored", async () => {
    const { email } = await shop.knex("customer").where({ id: benId }).first();
    await aFilledCart(shop, setup, { email, headers: asCustomer(benId) });
    await aFilledCart(shop, setup, { email, headers: asCustomer(benId) });
    const data = { vault_id: `v_${email}` };
    expect(asked.map(({ customer }) => customer)).toEqual([
      { id: benId, email, metadata: {} },
      { id: benId, email, metadata: data },
    ]);
    expect(await stored()).toEqual([{ customer_id: benId, data }]);
  });

  it("has no metadata but what the shop wrote under reserved keys", async () => {
    await shop.get("/store/customers/me/payment-methods", asCustomer(adaId));
    expect(asked).toMatchObject([{ customer: { id: adaId, metadata: { vault_id: "v_ada" } } }]);
    expect(asked[0]?.customer?.metadata).toEqual({ vault_id: "v_ada" });
  });

  it("cannot be chosen by the customer", async () => {
    const change = (metadata: object) =>
      shop.post("/store/customers/me", { metadata }, asCustomer(adaId));
    for (const key of ["stripe_id", "vault_id"]) {
      for (const value of ["someone-elses", "", { id: 1 }])
        expect(await change({ [key]: value })).toBeRefused(400, { type: "invalid_data" });
    }
    expect((await change({ stripe_id: "cus_s", vip: "no" })).status).toBe(200);
    const { metadata } = await shop.knex("customer").where({ id: adaId }).first();
    expect(metadata).toEqual({ stripe_id: "cus_s", vault_id: "v_ada", vip: "no" });
  });

  it("is nobody on a cart with a typed e-mail, and nothing is stored with that guest", async () => {
    const guest = await aGuest(shop.knex, { metadata: { vault_id: "v_dane" } });
    await aFilledCart(shop, setup, { email: guest.email });
    expect(asked).toEqual([{ step: "initiate", customer: null }]);
    expect(await stored()).toEqual([]);
    const after = await shop.knex("customer").where({ id: guest.id }).first();
    expect(after.metadata).toEqual({ vault_id: "v_dane" });
  });

  it("is nobody where another one begins the payment of a customer's cart or swap", async () => {
    const items = [{ variant_id: setup.variantId, quantity: 1 }];
    const body = { region_id: setup.regionId, items };
    const { cart } = (await shop.post("/store/carts", body, asCustomer(adaId))).body;
    const order = await aShippedOrder(shop.knex, {
      region_id: setup.regionId,
      customer_id: adaId,
    });
    const { swap } = (await shop.post("/store/swaps", swapRequest(order, setup))).body;
    for (const id of [cart.id, swap.cart_id])
      for (const headers of [{}, asCustomer(benId)]) {
        await sessions(id, headers);
        await shop.post(`/store/carts/${id}/payment-sessions/vault/refresh`, {}, headers);
      }
    expect(asked.length).toBeGreaterThan(2);
    expect(asked.every(({ customer }) => customer === null)).toBe(true);
    expect(await stored()).toEqual([]);
  });

  it("does not stay with a cart that changes hands", async () => {
    const { email } = await shop.knex("customer").where({ id: benId }).first();
    const id = await aFilledCart(shop, setup, { email, headers: asCustomer(benId) });
    const { cart } = (await shop.post(`/store/carts/${id}`, { email: "x@example.com" })).body;
    expect(cart.payment_sessions).toEqual([]);
    await sessions(id);
    expect(asked.at(-1)).toEqual({ step: "initiate", customer: null });
  });
});
