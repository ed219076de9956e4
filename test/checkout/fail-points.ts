import type { Servers } from "../support/open-servers.ts";
import type { CommitFailure } from "../support/open-tcp-proxy.ts";

/** A cart that is about to be completed. */
export interface CheckoutCart {
  readonly cart: string;
  readonly variantId: string;
}

/** A moment of a completion at which a process can be stopped. */
export interface FailPoint {
  readonly name: string;
  /** What the completion comes to in the end. */
  readonly expectedResult: "order" | "refusal";
  /**
   * Prepares it before the completion is asked for. `arrived` settles when the process is there;
   * `release` lets go whatever held it.
   */
  prepare(
    servers: Servers,
    checkout: CheckoutCart,
  ): Promise<{ reached: Promise<void>; release: () => Promise<void> }>;
}

const noop = async () => undefined;

/** While the provider works at a step; what it was asked it does all the same, a little later. */
const duringProviderCall = (
  step: string,
  expectedResult: FailPoint["expectedResult"] = "order",
): FailPoint => ({
  name: `while the provider is asked to ${step}`,
  expectedResult,
  prepare: async ({ service, waitForProviderCall, knex }, { variantId }) => {
    if (expectedResult === "refusal")
      await knex("product_variant").where({ id: variantId }).update({ inventory_quantity: 0 });
    service.setFailureMode({ step, kind: "slow", milliseconds: 1200 });
    return { reached: waitForProviderCall(step), release: noop };
  },
});

/** After the provider has answered a step: what comes next waits for a row. */
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

/** While a statement waits for a row that is held from the beginning. */
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

/** The steps of a completion, each at its beginning, inside, or before it is written down. */
export const failPoints: readonly FailPoint[] = [
  whileBlockedOnRow("while it claims the cart", cartRow),
  duringProviderCall("update"),
  afterProviderCall("after the provider was told, before that is noted", "update", leaseRow),
  duringProviderCall("authorize"),
  afterProviderCall(
    "after the payment was authorized, before the order is placed",
    "authorize",
    cartRow,
  ),
  whileBlockedOnRow("inside the transaction that places the order", ({ variantId }) => [
    "product_variant",
    { id: variantId },
  ]),
  duringProviderCall("retrieve", "refusal"),
  duringProviderCall("cancel", "refusal"),
  afterProviderCall(
    "after the payment was given back, before that is noted",
    "cancel",
    leaseRow,
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

/** After the order is placed, before anybody has heard of it. */
export const afterCommit = aroundCommit("after COMMIT, before the answer", "hang after commit");
export const commitFailPoints: readonly FailPoint[] = [
  aroundCommit("before COMMIT arrives", "close before commit"),
  aroundCommit("after COMMIT, whose answer is lost", "close after commit"),
];
