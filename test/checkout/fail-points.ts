import type { Servers } from "../support/open-servers.ts";
import type { CommitFailure } from "../support/open-tcp-proxy.ts";

/** A cart that is about to be completed. */
export interface CheckoutCart {
  readonly cart: string;
  readonly variantId: string;
}

/** A point of a completion at which a process can be stopped. */
export interface FailPoint {
  readonly name: string;
  /** Whether no lease is recorded yet, so that nothing resumes the completion by itself. */
  readonly isBeforeLease?: boolean;
  /** How the completion ends after it was resumed. */
  readonly expectedResult: "order" | "refusal";
  /**
   * Prepares the fail point before the request. `reached` settles when the process is there;
   * `release` unblocks it.
   */
  prepare(
    servers: Servers,
    checkout: CheckoutCart,
  ): Promise<{ reached: Promise<void>; release: () => Promise<void> }>;
}

/** A provider whose calls can be held up. */
export interface SlowProvider {
  /** Makes the provider wait before the next call of a step. Resolves once it is called. */
  delay(step: ProviderStep, milliseconds: number): Promise<void>;
}

type ProviderStep = "update" | "authorize" | "retrieve" | "cancel";

/** The fake payment provider. */
const fakeProvider = ({ service, waitForProviderCall }: Servers): SlowProvider => ({
  delay: (step, milliseconds) => {
    service.setFailureMode({ step, kind: "slow", milliseconds });
    return waitForProviderCall(step);
  },
});

type ProviderOf = (servers: Servers) => SlowProvider;

const noop = async () => undefined;

const sellOut = ({ knex }: Servers, { variantId }: CheckoutCart) =>
  knex("product_variant").where({ id: variantId }).update({ inventory_quantity: 0 });

/** During a provider call. The provider finishes the step a little later. */
const duringProviderCall = (
  providerOf: ProviderOf,
  step: ProviderStep,
  expectedResult: FailPoint["expectedResult"] = "order",
): FailPoint => ({
  name: `during the provider's ${step} call`,
  expectedResult,
  prepare: async (servers, checkout) => {
    if (expectedResult === "refusal") await sellOut(servers, checkout);
    return { reached: providerOf(servers).delay(step, 1200), release: noop };
  },
});

/** After a provider call: the next statement waits for a row lock. */
const afterProviderCall = (
  providerOf: ProviderOf,
  name: string,
  step: ProviderStep,
  row: (checkout: CheckoutCart) => [string, object],
  expectedResult: FailPoint["expectedResult"] = "order",
): FailPoint => ({
  name,
  expectedResult,
  prepare: async (servers, checkout) => {
    if (expectedResult === "refusal") await sellOut(servers, checkout);
    const called = providerOf(servers).delay(step, 400);
    let release = noop as () => Promise<void>;
    const reached = (async () => {
      await called;
      release = await servers.lockRow(...row(checkout));
      await servers.waitUntilVictimIsBlocked();
    })();
    return { reached, release: () => release() };
  },
});

/** While a statement waits for a row lock that is held from the beginning. */
const whileBlockedOnRow = (
  name: string,
  row: (checkout: CheckoutCart) => [string, object],
): FailPoint => ({
  name,
  expectedResult: "order",
  prepare: async (servers, checkout) => {
    const release = await servers.lockRow(...row(checkout));
    return { reached: servers.waitUntilVictimIsBlocked(), release };
  },
});

const cartRow = ({ cart }: CheckoutCart): [string, object] => ["cart", { id: cart }];

/** Of a cart whose provider does not know the amount yet, which a completion tells it first. */
const ofUnfollowed = (failPoint: FailPoint): FailPoint => ({
  ...failPoint,
  isBeforeLease: true,
  prepare: async (servers, checkout) => {
    const { knex } = servers;
    const { id: session_id } = await knex("payment_session")
      .where({ cart_id: checkout.cart })
      .first("id");
    await knex("nettle_unfollowed_session").insert({ session_id });
    return failPoint.prepare(servers, checkout);
  },
});

/**
 * The steps of a completion with a provider: before, during, and before its result is recorded.
 */
export const failPointsOf = (providerOf: ProviderOf): readonly FailPoint[] => [
  { ...whileBlockedOnRow("before it acquires the lease", cartRow), isBeforeLease: true },
  ofUnfollowed(duringProviderCall(providerOf, "update")),
  ofUnfollowed(
    afterProviderCall(
      providerOf,
      "after the amount was updated, before that is recorded",
      "update",
      cartRow,
    ),
  ),
  duringProviderCall(providerOf, "authorize"),
  afterProviderCall(
    providerOf,
    "after the authorization, before the order is placed",
    "authorize",
    cartRow,
  ),
  whileBlockedOnRow("inside the transaction that places the order", ({ variantId }) => [
    "product_variant",
    { id: variantId },
  ]),
  duringProviderCall(providerOf, "retrieve", "refusal"),
  duringProviderCall(providerOf, "cancel", "refusal"),
  afterProviderCall(
    providerOf,
    "after the payment was voided, before that is recorded",
    "cancel",
    cartRow,
    "refusal",
  ),
];

export const failPoints = failPointsOf(fakeProvider);

const aroundCommit = (name: string, failure: CommitFailure): FailPoint => ({
  name,
  expectedResult: "order",
  prepare: async ({ proxy }) => ({
    reached: proxy.failNextCommit('insert into "order"', failure),
    release: noop,
  }),
});

/** After the order is placed, before the response is sent. */
export const afterCommit = aroundCommit("after COMMIT, before the response", "hang after commit");
export const commitFailPoints: readonly FailPoint[] = [
  aroundCommit("before COMMIT reaches the database", "close before commit"),
  aroundCommit("after COMMIT, whose answer is lost", "close after commit"),
];
