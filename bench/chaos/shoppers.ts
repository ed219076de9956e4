import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import type { Answer } from "../../test/support/api-client.ts";
import type { Cluster } from "./cluster.ts";
import type { Fixture } from "./fixture.ts";
import { payOnHostedPage } from "./hosted-page.ts";
import type { SeededRandom } from "./seeded-random.ts";
import { payInBrowser, type ShownSession } from "./stripe-server.ts";

/** What the shoppers' requests were answered with. */
export interface ShopperLog {
  /** The ids of the orders and swaps in the responses, by cart id. */
  readonly resultsByCart: Map<string, Set<string>>;
  readonly violations: string[];
  readonly counts: Map<string, number>;
  readonly refusals: Map<string, number>;
}

/** Sends shoppers' requests to random processes, many at once. */
export class Shoppers {
  readonly log: ShopperLog = {
    resultsByCart: new Map(),
    violations: [],
    counts: new Map(),
    refusals: new Map(),
  };

  constructor(
    private readonly cluster: Cluster,
    private readonly fixture: Fixture,
    private readonly knex: Knex,
    private readonly random: SeededRandom,
  ) {}

  /** Fills a cart, then completes, pays and changes it in parallel requests. */
  async runCheckout(): Promise<void> {
    const { random } = this;
    const cart = random.bool(0.08) ? await this.#aSwapCart() : await this.#aCart();
    if (!cart) return;
    if (random.bool(0.06))
      await this.knex("cart").where({ id: cart, type: "default" }).update({ type: "draft_order" });
    const everybody = [
      ...Array.from({ length: random.integer(1, 4) }, () => this.#completeRepeatedly(cart)),
      ...Array.from({ length: random.integer(0, 2) }, () => this.#changeCart(cart)),
      ...(random.bool(0.2) ? [payOnHostedPage(this.cluster, random, cart, this.#recordHook)] : []),
    ];
    await Promise.all(everybody);
    await this.#completeUntilSettled(cart);
  }

  /** Pays for an order edit and confirms it, while parallel requests decline or cancel it. */
  async decideOrderEdit({ id, collectionId }: Fixture["edits"][number]): Promise<void> {
    const { random, fixture } = this;
    const collection = `/store/payment-collections/${collectionId}`;
    const parts = random.pick([[1190], [590, 600]]);
    const sessions = parts.map((amount) => ({
      provider_id: random.pick(fixture.providers),
      amount,
    }));
    const set = await this.#retryUntilOk("POST", `${collection}/sessions/batch`, { sessions });
    const shown: ShownSession[] = set?.body.payment_collection.payment_sessions ?? [];
    const session_ids = shown.map((one) => one.id);
    for (const session of shown) await this.#payInBrowser(session);
    const authorize = () =>
      this.#request("POST", `${collection}/sessions/batch/authorize`, { session_ids });
    const complete = () => this.#request("POST", `/store/order-edits/${id}/complete`);
    const oneSession = () =>
      this.#request("POST", `${collection}/sessions/${session_ids[0]}/authorize`);
    const refresh = () => this.#request("POST", `${collection}/sessions/${session_ids[0]}`);
    const decline = () =>
      this.#request("POST", `/store/order-edits/${id}/decline`, { declined_reason: "no" });
    const cancelEdit = () =>
      this.knex("order_edit").where({ id, confirmed_at: null }).update({ canceled_at: new Date() });
    const actions = [
      authorize,
      oneSession,
      complete,
      refresh,
      authorize,
      complete,
      ...(random.bool(0.3) ? [decline] : []),
    ];
    if (random.bool(0.15)) actions.push(cancelEdit as never);
    await Promise.all(actions.map((action) => sleep(random.integer(0, 300)).then(action)));
    if (random.bool(0.3)) await decline();
    for (const action of [authorize, complete])
      for (let tries = 0; tries < 4; tries++) await action();
  }

  async #aCart(): Promise<string | undefined> {
    const { random, fixture } = this;
    const variants = random.bool(0.08)
      ? [fixture.freeVariant]
      : Array.from({ length: random.integer(1, 3) }, () => random.pick(fixture.stockedVariants));
    const items = variants.map(({ id }) => ({ variant_id: id, quantity: random.integer(1, 2) }));
    const made = await this.#retryUntilOk("POST", "/store/carts", {
      region_id: fixture.regionId,
      items,
    });
    const cart = made?.body.cart.id as string | undefined;
    if (!cart) return;
    if (random.bool(0.2)) {
      const again = {
        variant_id: variants[0]!.id,
        quantity: 1,
        metadata: { engraved: randomUUID() },
      };
      await this.#retryUntilOk("POST", `/store/carts/${cart}/line-items`, again);
    }
    const update = {
      email: `${randomUUID()}@example.com`,
      ...(random.bool(0.2) ? { discounts: [{ code: "FEW" }] } : {}),
      ...(random.bool(0.2) ? { gift_cards: [{ code: random.pick(fixture.giftCardCodes) }] } : {}),
    };
    const known = await this.#retryUntilOk("POST", `/store/carts/${cart}`, update);
    if (!known) await this.#retryUntilOk("POST", `/store/carts/${cart}`, { email: update.email });
    await this.#selectProvider(cart);
    return cart;
  }

  async #aSwapCart(): Promise<string | undefined> {
    const { random, fixture } = this;
    const { id, line } = random.pick(fixture.shippedOrders);
    const asked = await this.#request("POST", "/store/swaps", {
      order_id: id,
      return_items: [{ item_id: line, quantity: 1 }],
      additional_items: [
        { variant_id: fixture.stockedVariants[3]!.id, quantity: random.integer(1, 2) },
      ],
    });
    if (asked?.status !== 200) return;
    const cart = asked.body.swap.cart_id as string;
    await this.#selectProvider(cart);
    return cart;
  }

  async #selectProvider(cart: string): Promise<void> {
    await this.#retryUntilOk("POST", `/store/carts/${cart}/payment-sessions`);
    const selected = await this.#retryUntilOk("POST", `/store/carts/${cart}/payment-session`, {
      provider_id: this.random.pick(this.fixture.providers),
    });
    await this.#payInBrowser(selected?.body.cart?.payment_session);
  }

  /** Pays a session of Stripe's that the storefront shows; not all shoppers get that far. */
  async #payInBrowser(session: ShownSession | null | undefined): Promise<void> {
    if (session?.provider_id === "stripe" && this.random.bool(0.9))
      await payInBrowser(this.cluster.stripe, session.data, this.random);
  }

  async #completeRepeatedly(cart: string): Promise<void> {
    const { random } = this;
    const headers: Record<string, string> = random.bool(0.5)
      ? { "Idempotency-Key": randomUUID() }
      : {};
    for (let tries = random.integer(1, 3); tries > 0; tries--) {
      await sleep(random.integer(0, 250));
      await this.#complete(cart, headers);
    }
  }

  async #complete(cart: string, headers: Record<string, string> = {}): Promise<Answer | undefined> {
    const answer = await this.#request("POST", `/store/carts/${cart}/complete`, undefined, headers);
    if (answer?.body.type === "cart") await this.#payInBrowser(answer.body.data.payment_session);
    else if (answer?.status === 200) {
      const results = this.log.resultsByCart.get(cart) ?? new Set();
      this.log.resultsByCart.set(cart, results.add(answer.body.data.id));
    }
    return answer;
  }

  async #changeCart(cart: string): Promise<void> {
    const { random, fixture } = this;
    const path = `/store/carts/${cart}`;
    const provider_id = random.pick(fixture.providers);
    const changes: readonly (() => Promise<unknown>)[] = [
      () =>
        this.#request("POST", `${path}/line-items`, {
          variant_id: random.pick(fixture.stockedVariants).id,
          quantity: 1,
        }),
      () => this.#request("POST", path, { email: `${randomUUID()}@example.com` }),
      () =>
        this.#request("POST", path, {
          region_id: random.pick([fixture.regionId, fixture.otherRegionId]),
        }),
      () => this.#request("POST", path, { discounts: [{ code: "FEW" }] }),
      () => this.#request("POST", `${path}/payment-sessions`),
      () => this.#request("POST", `${path}/payment-session`, { provider_id }),
      () => this.#request("POST", `${path}/payment-sessions/${provider_id}/refresh`),
      () => this.#request("DELETE", `${path}/payment-sessions/${provider_id}`),
      () =>
        this.#request("POST", `${path}/payment-sessions/${provider_id}`, {
          data: { note: "please" },
        }),
      () => this.#request("GET", path),
      () => this.#emptyAndRefill(cart),
      () => this.#moveTwice(cart),
    ];
    for (let count = random.integer(1, 3); count > 0; count--) {
      await sleep(random.integer(0, 250));
      await random.pick(changes)();
    }
  }

  /** Removes every line, which drops the payment, and begins again. */
  async #emptyAndRefill(cart: string): Promise<void> {
    const path = `/store/carts/${cart}`;
    const shown = await this.#request("GET", path);
    for (const { id } of (shown?.body.cart?.items ?? []) as { id: string }[])
      await this.#request("DELETE", `${path}/line-items/${id}`);
    await this.#request("POST", `${path}/line-items`, {
      variant_id: this.random.pick(this.fixture.stockedVariants).id,
      quantity: 1,
    });
    await this.#selectProvider(cart);
  }

  /** Moves to another region and back, and begins a payment in each. */
  async #moveTwice(cart: string): Promise<void> {
    for (const region_id of [this.fixture.otherRegionId, this.fixture.regionId]) {
      await this.#request("POST", `/store/carts/${cart}`, { region_id });
      await this.#selectProvider(cart);
    }
  }

  /** Completes the cart until the shop answers with an order, a swap or a final refusal. */
  async #completeUntilSettled(cart: string): Promise<void> {
    for (let tries = 0; tries < 12; tries++) {
      const answer = await this.#complete(cart);
      if (answer?.status === 200 && answer.body.type !== "cart") return;
      if (answer?.status === 409 && answer.body.errors) return;
      if (
        answer?.status === 400 ||
        (answer?.status === 409 && /sessions again/.test(answer.body.message))
      )
        await this.#selectProvider(cart);
      await sleep(this.random.integer(50, 300));
    }
  }

  async #retryUntilOk(method: "POST", path: string, body?: unknown): Promise<Answer | undefined> {
    for (let tries = 0; tries < 8; tries++) {
      const answer = await this.#request(method, path, body);
      if (answer?.status === 200) return answer;
      if (answer?.status === 400) return;
      await sleep(this.random.integer(20, 150));
    }
    return;
  }

  /** Returns undefined if the process was killed meanwhile. */
  async #request(
    method: "GET" | "POST" | "DELETE",
    path: string,
    body?: unknown,
    headers = {},
  ): Promise<Answer | undefined> {
    const client = this.cluster.anyClient();
    const requests = {
      GET: () => client.get(path),
      POST: () => client.post(path, body, headers),
      DELETE: () => client.delete(path),
    };
    const answer = await requests[method]().catch(() => undefined);
    if (answer) this.#record(`${method} ${path}`, answer.status, answer.body);
    return answer;
  }

  readonly #recordHook = ({ status, body }: Pick<Answer, "status" | "body">): void =>
    this.#record("HOOK", status, body);

  #record(what: string, status: number, body: Answer["body"]): void {
    const { counts, refusals, violations } = this.log;
    const kind = `${what.split(" ")[0]} ${what.endsWith("/complete") ? "complete " : ""}${status}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    if (status >= 400) {
      const said = `${status} ${String(body?.message).replaceAll(/\w+_[0-9A-Z]{26}/g, "…")}`;
      refusals.set(said, (refusals.get(said) ?? 0) + 1);
    }
    const isKnown = [200, 400, 404, 409, 422, 503].includes(status);
    if (!isKnown || (status !== 200 && !body?.message))
      violations.push(`${what}: ${status} ${JSON.stringify(body)}`);
  }
}
