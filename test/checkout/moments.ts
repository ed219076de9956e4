import type { Servers } from "./cut-off.ts";

/** A cart that is about to be completed. */
export interface Doomed {
  readonly cart: string;
  readonly variantId: string;
}

/** A moment of a completion at which a process can be stopped. */
export interface Moment {
  readonly name: string;
  /** What the completion comes to in the end. */
  readonly comesTo: "order" | "refusal";
  /** Prepares it before the completion is asked for. `arrived` settles when the process is there; `release` lets go whatever held it. */
  prepare(servers: Servers, doomed: Doomed): Promise<{ arrived: Promise<void>; release: () => Promise<void> }>;
}

const nothing = async () => undefined;

/** While the provider works at a step; what it was asked it does all the same, a little later. */
const atProvider = (step: string, comesTo: Moment["comesTo"] = "order"): Moment => ({
  name: `while the provider is asked to ${step}`,
  comesTo,
  prepare: async ({ service, asked, knex }, { variantId }) => {
    if (comesTo === "refusal") await knex("product_variant").where({ id: variantId }).update({ inventory_quantity: 0 });
    service.behave({ step, how: "slow", milliseconds: 1200 });
    return { arrived: asked(step), release: nothing };
  },
});

/** After the provider has answered a step: what comes next waits for a row. */
const after = (
  name: string,
  step: string,
  row: (doomed: Doomed) => [string, object],
  comesTo: Moment["comesTo"] = "order",
): Moment => ({
  name,
  comesTo,
  prepare: async (servers, doomed) => {
    if (comesTo === "refusal")
      await servers.knex("product_variant").where({ id: doomed.variantId }).update({ inventory_quantity: 0 });
    servers.service.behave({ step, how: "slow", milliseconds: 400 });
    let release = nothing as () => Promise<void>;
    const arrived = (async () => {
      await servers.asked(step);
      release = await servers.hold(...row(doomed));
      await servers.doomedWaits();
    })();
    return { arrived, release: () => release() };
  },
});

/** While a statement waits for a row that is held from the beginning. */
const atRow = (name: string, row: (doomed: Doomed) => [string, object]): Moment => ({
  name,
  comesTo: "order",
  prepare: async (servers, doomed) => {
    const release = await servers.hold(...row(doomed));
    return { arrived: servers.doomedWaits(), release };
  },
});

const claimRow = ({ cart }: Doomed): [string, object] => ["nettle_checkout", { cart_id: cart }];
const cartRow = ({ cart }: Doomed): [string, object] => ["cart", { id: cart }];

/** The steps of a completion, each at its beginning, inside, or before it is written down. */
export const moments: readonly Moment[] = [
  atRow("while it claims the cart", cartRow),
  atProvider("update"),
  after("after the provider was told, before that is noted", "update", claimRow),
  atProvider("authorize"),
  after("after the payment was authorized, before the order is placed", "authorize", cartRow),
  atRow("inside the transaction that places the order", ({ variantId }) => ["product_variant", { id: variantId }]),
  atProvider("retrieve", "refusal"),
  atProvider("cancel", "refusal"),
  after("after the payment was given back, before that is noted", "cancel", claimRow, "refusal"),
];

const atCommit = (name: string, fate: "cut before" | "cut after" | "hold after"): Moment => ({
  name,
  comesTo: "order",
  prepare: async ({ gate }) => ({ arrived: gate.meet('insert into "order"', fate), release: nothing }),
});

/** After the order is placed, before anybody has heard of it. */
export const committed = atCommit("after COMMIT, before the answer", "hold after");
export const commitCut: readonly Moment[] = [
  atCommit("before COMMIT arrives", "cut before"),
  atCommit("after COMMIT, whose answer is lost", "cut after"),
];
