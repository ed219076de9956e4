import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asCustomer } from "../support/as-customer.ts";
import {
  aCustomer,
  aDiscount,
  aProduct,
  aRegion,
  aShippingOption,
  fillCart,
} from "../support/builders.ts";
import { type FailureMode, startFakePaymentProvider } from "../support/fake-payment-provider.ts";
import { openShop } from "../support/open-shop.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";

const service = await startFakePaymentProvider();
afterAll(() => service.close());

const anyIndex = fc.nat({ max: 7 });
const change = <K extends string>(kind: K) => fc.tuple(fc.constant(kind), anyIndex);
const failure = fc.record<FailureMode>({
  step: fc.constantFrom("initiate", "update", "retrieve", "delete", "authorize", "cancel"),
  kind: fc.constantFrom("error", "drop_response", "invalid_response"),
  times: fc.integer({ min: 1, max: 3 }),
});
const anyChange = fc.oneof(
  change("add"),
  change("quantity"),
  change("remove"),
  change("ship"),
  change("code"),
  change("dropCode"),
  change("region"),
  change("email"),
  change("log in"),
  change("create"),
  change("select"),
  change("refresh"),
  change("data"),
  change("drop"),
  change("pay"),
  change("complete"),
  fc.tuple(fc.constant("fail" as const), failure),
  fc.tuple(fc.constant("fail" as const), failure),
);
interface PaidOrder {
  readonly payments: readonly { readonly provider_id: string }[];
  readonly total: number;
}
type Change = typeof anyChange extends fc.Arbitrary<infer C> ? C : never;

/** Whatever a cart went through: its payment is the one that is shown, and nothing else is held. */
describe("any history of a cart's payment", () => {
  const shop = openShop({
    providers: {
      payment: [remotePaymentProvider(service.url), remotePaymentProvider(service.url, "other")],
    },
    settings: { LOG_LEVEL: "silent" },
  });
  const regions: string[] = [];
  const options = new Map<string, string>();
  const providers = ["remote", "other", "manual"];
  let variantId: string;
  let ada: string;
  beforeAll(async () => {
    for (const payment_providers of [["remote"], providers]) {
      const { id } = await aRegion(shop.knex, { payment_providers, tax_rate: 10 });
      regions.push(id);
      options.set(id, (await aShippingOption(shop.knex, { region_id: id, amount: 490 })).id);
    }
    const prices = [{ amount: 1000 }];
    const variants = [{ prices, inventory_quantity: 1_000_000 }];
    variantId = (await aProduct(shop.knex, { variants })).variants[0]!.id;
    await aDiscount(shop.knex, { code: "TEN", regions });
    await aDiscount(shop.knex, { code: "ALL", value: 100, regions });
    ada = (await aCustomer(shop.knex, { has_account: true })).id;
  });

  const pick = <T>(list: readonly T[], index: number): T => list[index % list.length]!;
  const read = async (id: string) => (await shop.get(`/store/carts/${id}`)).body.cart;
  const paymentsOf = (id: string) =>
    [...service.ledger.payments.values()].filter(({ resource_id }) => resource_id === id);
  const heldBy = (payments: ReturnType<typeof paymentsOf>) =>
    payments.reduce((sum, one) => sum + one.authorized - one.canceled - one.refunded, 0);
  const heldFor = (id: string) => heldBy(paymentsOf(id));

  /** The shopper pays on the provider's page what it says there. */
  function payOnPage(id: string | undefined): void {
    const payment = service.ledger.payments.get(id ?? "");
    if (payment?.status === "pending")
      Object.assign(payment, { status: "authorized", authorized: payment.amount });
  }

  /** Makes one change, which may be refused or fail, but not crash. */
  async function apply(id: string, [kind, what]: Change): Promise<void> {
    if (kind === "fail") return service.setFailureMode(what);
    const path = `/store/carts/${id}`;
    const cart = await read(id);
    const line = cart.items.length > 0 ? pick<{ id: string }>(cart.items, what).id : "none";
    const provider = pick(providers, what);
    const headers = cart.customer_id === ada ? asCustomer(ada) : {};
    const changes = {
      add: () => shop.post(`${path}/line-items`, { variant_id: variantId, quantity: what + 1 }),
      quantity: () => shop.post(`${path}/line-items/${line}`, { quantity: what }, headers),
      remove: () => shop.delete(`${path}/line-items/${line}`, headers),
      ship: () => shop.post(`${path}/shipping-methods`, { option_id: options.get(cart.region_id) }),
      code: () => shop.post(path, { discounts: [{ code: pick(["TEN", "ALL"], what) }] }, headers),
      dropCode: () => shop.delete(`${path}/discounts/${pick(["TEN", "ALL"], what)}`, headers),
      region: () => shop.post(path, { region_id: pick(regions, what) }, headers),
      email: () => shop.post(path, { email: `gro${what}@example.com` }),
      "log in": () => shop.get(path, asCustomer(ada)),
      create: () => shop.post(`${path}/payment-sessions`, {}, headers),
      select: () => shop.post(`${path}/payment-session`, { provider_id: provider }, headers),
      refresh: () => shop.post(`${path}/payment-sessions/${provider}/refresh`),
      data: () => shop.post(`${path}/payment-sessions/${provider}`, { data: { note: what } }),
      drop: () => shop.delete(`${path}/payment-sessions/${provider}`),
      complete: () => shop.post(`${path}/complete`),
      pay: async () => {
        payOnPage(cart.payment_session?.data.id);
        return { status: 200, text: "" };
      },
    };
    const { status, text } = await changes[kind]();
    expect([200, 400, 404, 409, 503], `${kind}: ${text}`).toContain(status);
  }

  /** Each payment that has begun and is not paid yet is for the amount that is shown. */
  async function mustBeKnown(id: string): Promise<void> {
    const { payment_sessions, total } = await read(id);
    for (const { provider_id, is_initiated, status, amount, data } of payment_sessions) {
      if (!is_initiated || status === "canceled" || provider_id === "manual") continue;
      const payment = service.ledger.payments.get(data.id);
      expect([provider_id, status, amount]).toEqual([provider_id, "pending", total]);
      if (payment?.status === "pending") expect(payment.amount).toBe(total);
    }
  }

  const paidRemotely = ({ payments: [payment], total }: PaidOrder) =>
    payment && payment.provider_id !== "manual" ? total : 0;
  const mustHold = (id: string, amount: number) =>
    expect.poll(() => heldFor(id), { timeout: 20_000 }).toBe(amount);

  /**
   * A refused cart, such as one without a shipping method, keeps the payment that it shows.
   * Nothing else is held, and the payment is given back with its session.
   */
  async function mustBeGivenBack(id: string): Promise<void> {
    const { payment_sessions } = await read(id);
    const shown = payment_sessions.map(({ data }: { data: { id?: string } }) => data.id);
    await mustHold(id, heldBy(paymentsOf(id).filter((one) => shown.includes(one.id))));
    for (const { provider_id } of payment_sessions)
      await shop.delete(`/store/carts/${id}/payment-sessions/${provider_id}`);
  }

  it("is known as it is shown, and is paid or refused with nothing held", async () => {
    const check = async (history: Change[], region: number) => {
      service.clearFailureModes();
      const setup = { regionId: pick(regions, region), variantId };
      const { id } = await fillCart(shop, setup);
      for (const one of history) await apply(id, one);

      service.clearFailureModes();
      const path = `/store/carts/${id}`;
      const needed = await shop.post(`${path}/payment-sessions`);
      expect(needed.status, needed.text).toBe(200);
      if ((await read(id)).completed_at === null) await mustBeKnown(id);
      const shown = await read(id);
      const { status, body, text } = await shop.post(`${path}/complete`);
      const isOrder = body.type === "order";
      if (!isOrder) expect([200, 400, 409], text).toContain(status);
      if (isOrder) expect(body.data.total).toBe(shown.total);
      if (!isOrder) await mustBeGivenBack(id);
      await mustHold(id, isOrder ? paidRemotely(body.data) : 0);
    };
    await fc.assert(
      fc.asyncProperty(fc.array(anyChange, { minLength: 1, maxLength: 12 }), anyIndex, check),
      { numRuns: 40, endOnFailure: true },
    );
  }, 300_000);
});
