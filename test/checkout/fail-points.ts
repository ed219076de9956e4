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

const noop = async () => undefined;

/** During a provider call. The provider finishes the step a little later. */
const duringProviderCall = (
  step: string,
  expectedResult: FailPoint["expectedResult"] = "order",
): FailPoint => ({
  name: `during the provider's ${step} call`,
  expectedResult,
  prepare: async ({ service, waitForProviderCall, knex }, { variantId }) => {
    if (expectedResult === "refusal")
      await knex("product_variant").where({ id: variantId }).update({ inventory_quantity: 0 });
    service.setFailureMode({ step, kind: "slow", milliseconds: 1200 });
    return { reached: waitForProviderCall(step), release: noop };
  },
});

/** After a provider call: the next statement waits for a row lock. */
const afterProviderCall = (
  name: string,
  step: string,
  row: (checkout: CheckoutCart) => [string, object],
  expectedResult: FailPoint["expectedResult"] = "order",
): FailPoint => ({
  name,
  expectedResult,
  prepare: async (servers, checkout) => {
    if (expectedResult === "refusal")
      await servers
        .knex("product_variant")
        .where({ id: checkout.variantId })
        .update({ inventory_quantity: 0 });
    servers.service.setFailureMode({ step, kind: "slow", milliseconds: 400 });
    let release = noop as () => Promise<void>;
    const reached = (async () => {
      await servers.waitForProviderCall(step);
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

const leaseRow = ({ cart }: CheckoutCart): [string, object] => [
  "nettle_checkout",
  { cart_id: cart },
];
const cartRow = ({ cart }: CheckoutCart): [string, object] => ["cart", { id: cart }];

/** The steps of a completion: before, during, and before its result is recorded. */
export const failPoints: readonly FailPoint[] = [
  { ...whileBlockedOnRow("before it acquires the lease", cartRow), isBeforeLease: true },
  duringProviderCall("update"),
  afterProviderCall("after the amount was updated, before that is recorded", "update", leaseRow),
  duringProviderCall("authorize"),
  afterProviderCall("after the authorization, before the order is placed", "authorize", cartRow),
  whileBlockedOnRow("inside the transaction that places the order", ({ variantId }) => [
    "product_variant",
    { id: variantId },
  ]),
  duringProviderCall("retrieve", "refusal"),
  duringProviderCall("cancel", "refusal"),
  afterProviderCall(
    "after the payment was voided, before that is recorded",
    "cancel",
    cartRow,
    "refusal",
  ),
];

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
