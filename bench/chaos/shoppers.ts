import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import type { Answer } from "../../test/support/visitor.ts";
import type { Fleet } from "./fleet.ts";
import type { Market } from "./market.ts";
import type { Chance } from "./random.ts";

const PROVIDERS = ["remote", "other"] as const;

/** What shoppers were told. */
export interface Told {
  /** Which orders and swaps each cart was said to be. */
  readonly became: Map<string, Set<string>>;
  readonly wrong: string[];
  readonly counts: Map<string, number>;
  readonly refusals: Map<string, number>;
}

/** Shoppers who do everything at once, at whichever process. */
export class Shoppers {
  readonly told: Told = { became: new Map(), wrong: [], counts: new Map(), refusals: new Map() };

  constructor(
    private readonly fleet: Fleet,
    private readonly market: Market,
    private readonly knex: Knex,
    private readonly chance: Chance,
  ) {}

  /** One whole visit: a cart is filled, and is then completed, paid and changed by several at once. */
  async visit(): Promise<void> {
    const { chance } = this;
    const cart = chance.is(0.08) ? await this.#aSwapCart() : await this.#aCart();
    if (!cart) return;
    if (chance.is(0.06)) await this.knex("cart").where({ id: cart, type: "default" }).update({ type: "draft_order" });
    const everybody = [
      ...Array.from({ length: chance.of(1, 4) }, () => this.#completes(cart)),
      ...Array.from({ length: chance.of(0, 2) }, () => this.#changes(cart)),
      ...(chance.is(0.2) ? [this.#paysElsewhere(cart)] : []),
    ];
    await Promise.all(everybody);
    await this.#insists(cart);
  }

  /** Somebody pays for an edit and confirms it, while somebody else declines it or the shop calls it off. */
  async decide({ id, collectionId }: Market["edits"][number]): Promise<void> {
    const { chance } = this;
    const collection = `/store/payment-collections/${collectionId}`;
    const parts = chance.one([[1190], [590, 600]]);
    const sessions = parts.map((amount) => ({ provider_id: chance.one(PROVIDERS), amount }));
    const set = await this.#until200("POST", `${collection}/sessions/batch`, { sessions });
    const session_ids = ((set?.body.payment_collection.payment_sessions ?? []) as { id: string }[]).map((one) => one.id);
    const authorize = () => this.#asks("POST", `${collection}/sessions/batch/authorize`, { session_ids });
    const complete = () => this.#asks("POST", `/store/order-edits/${id}/complete`);
    const oneSession = () => this.#asks("POST", `${collection}/sessions/${session_ids[0]}/authorize`);
    const refresh = () => this.#asks("POST", `${collection}/sessions/${session_ids[0]}`);
    const decline = () => this.#asks("POST", `/store/order-edits/${id}/decline`, { declined_reason: "no" });
    const callOff = () => this.knex("order_edit").where({ id, confirmed_at: null }).update({ canceled_at: new Date() });
    const works = [authorize, oneSession, complete, refresh, authorize, complete, ...(chance.is(0.3) ? [decline] : [])];
    if (chance.is(0.15)) works.push(callOff as never);
    await Promise.all(works.map((work) => sleep(chance.of(0, 300)).then(work)));
    for (const work of [authorize, complete]) for (let tries = 0; tries < 4; tries++) await work();
  }

  async #aCart(): Promise<string | undefined> {
    const { chance, market } = this;
    const wares = chance.is(0.08) ? [market.free] : Array.from({ length: chance.of(1, 3) }, () => chance.one(market.wares));
    const items = wares.map(({ id }) => ({ variant_id: id, quantity: chance.of(1, 2) }));
    const made = await this.#until200("POST", "/store/carts", { region_id: market.regionId, items });
    const cart = made?.body.cart.id as string | undefined;
    if (!cart) return;
    if (chance.is(0.2)) {
      const again = { variant_id: wares[0]!.id, quantity: 1, metadata: { engraved: randomUUID() } };
      await this.#until200("POST", `/store/carts/${cart}/line-items`, again);
    }
    const wish = {
      email: `${randomUUID()}@example.com`,
      ...(chance.is(0.2) ? { discounts: [{ code: "FEW" }] } : {}),
      ...(chance.is(0.2) ? { gift_cards: [{ code: chance.one(market.cards) }] } : {}),
    };
    const known = await this.#until200("POST", `/store/carts/${cart}`, wish);
    if (!known) await this.#until200("POST", `/store/carts/${cart}`, { email: wish.email });
    await this.#chooses(cart);
    return cart;
  }

  async #aSwapCart(): Promise<string | undefined> {
    const { chance, market } = this;
    const { id, line } = chance.one(market.sent);
    const asked = await this.#asks("POST", "/store/swaps", {
      order_id: id,
      return_items: [{ item_id: line, quantity: 1 }],
      additional_items: [{ variant_id: market.wares[3]!.id, quantity: chance.of(1, 2) }],
    });
    if (asked?.status !== 200) return;
    const cart = asked.body.swap.cart_id as string;
    await this.#chooses(cart);
    return cart;
  }

  async #chooses(cart: string): Promise<void> {
    await this.#until200("POST", `/store/carts/${cart}/payment-sessions`);
    await this.#until200("POST", `/store/carts/${cart}/payment-session`, { provider_id: this.chance.one(PROVIDERS) });
  }

  async #completes(cart: string): Promise<void> {
    const { chance } = this;
    const headers: Record<string, string> = chance.is(0.5) ? { "Idempotency-Key": randomUUID() } : {};
    for (let tries = chance.of(1, 3); tries > 0; tries--) {
      await sleep(chance.of(0, 250));
      await this.#complete(cart, headers);
    }
  }

  async #complete(cart: string, headers: Record<string, string> = {}): Promise<Answer | undefined> {
    const answer = await this.#asks("POST", `/store/carts/${cart}/complete`, undefined, headers);
    if (answer?.status === 200 && answer.body.type !== "cart") {
      const became = this.told.became.get(cart) ?? new Set();
      this.told.became.set(cart, became.add(answer.body.data.id));
    }
    return answer;
  }

  async #changes(cart: string): Promise<void> {
    const { chance, market } = this;
    const path = `/store/carts/${cart}`;
    const provider_id = chance.one(PROVIDERS);
    const changes: readonly (() => Promise<unknown>)[] = [
      () => this.#asks("POST", `${path}/line-items`, { variant_id: chance.one(market.wares).id, quantity: 1 }),
      () => this.#asks("POST", path, { email: `${randomUUID()}@example.com` }),
      () => this.#asks("POST", path, { region_id: chance.one([market.regionId, market.elsewhere]) }),
      () => this.#asks("POST", path, { discounts: [{ code: "FEW" }] }),
      () => this.#asks("POST", `${path}/payment-sessions`),
      () => this.#asks("POST", `${path}/payment-session`, { provider_id }),
      () => this.#asks("POST", `${path}/payment-sessions/${provider_id}/refresh`),
      () => this.#asks("DELETE", `${path}/payment-sessions/${provider_id}`),
      () => this.#asks("POST", `${path}/payment-sessions/${provider_id}`, { data: { note: "please" } }),
      () => this.#asks("GET", path),
    ];
    for (let count = chance.of(1, 3); count > 0; count--) {
      await sleep(chance.of(0, 250));
      await chance.one(changes)();
    }
  }

  /** The shopper pays on the company's own page; the company calls until the shop is content. */
  async #paysElsewhere(cart: string): Promise<void> {
    const { chance } = this;
    const company = this.fleet.companies[chance.one(PROVIDERS)];
    const id = company === this.fleet.companies.remote ? "remote" : "other";
    const outcome = chance.one(["authorized", "captured", "failed"] as const);
    await sleep(chance.of(0, 200));
    const paid = [...company.ledger.payments.values()].findLast(({ resource_id }) => resource_id === cart);
    if (paid?.status !== "pending") return;
    company.ledger.pay(cart, outcome);
    for (let tries = 0; tries < 40; tries++) {
      company.hook = `${this.fleet.url()}/hooks/payment/${id}`;
      const told = await company.tell(cart, outcome).catch(() => undefined);
      if (told) this.#note("HOOK", told.status, told.body as Answer["body"]);
      if (told?.status === 200) return;
      await sleep(chance.of(50, 400));
    }
  }

  /** The last one comes back until the shop has said yes or no. */
  async #insists(cart: string): Promise<void> {
    for (let tries = 0; tries < 12; tries++) {
      const answer = await this.#complete(cart);
      if (answer?.status === 200 && answer.body.type !== "cart") return;
      if (answer?.status === 409 && answer.body.errors) return;
      if (answer?.status === 400 || (answer?.status === 409 && /sessions again/.test(answer.body.message)))
        await this.#chooses(cart);
      await sleep(this.chance.of(50, 300));
    }
  }

  async #until200(method: "POST", path: string, body?: unknown): Promise<Answer | undefined> {
    for (let tries = 0; tries < 8; tries++) {
      const answer = await this.#asks(method, path, body);
      if (answer?.status === 200) return answer;
      if (answer?.status === 400) return;
      await sleep(this.chance.of(20, 150));
    }
    return;
  }

  /** Undefined where the process died meanwhile. */
  async #asks(method: "GET" | "POST" | "DELETE", path: string, body?: unknown, headers = {}): Promise<Answer | undefined> {
    const anyone = this.fleet.anyone();
    const sent = { GET: () => anyone.get(path), POST: () => anyone.post(path, body, headers), DELETE: () => anyone.delete(path) };
    const answer = await sent[method]().catch(() => undefined);
    if (answer) this.#note(`${method} ${path}`, answer.status, answer.body);
    return answer;
  }

  #note(what: string, status: number, body: Answer["body"]): void {
    const { counts, refusals, wrong } = this.told;
    const kind = `${what.split(" ")[0]} ${what.endsWith("/complete") ? "complete " : ""}${status}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    if (status >= 400) {
      const said = `${status} ${String(body?.message).replaceAll(/\w+_[0-9A-Z]{26}/g, "…")}`;
      refusals.set(said, (refusals.get(said) ?? 0) + 1);
    }
    const isKnown = [200, 400, 404, 409, 422, 503].includes(status);
    if (!isKnown || (status !== 200 && !body?.message)) wrong.push(`${what}: ${status} ${JSON.stringify(body)}`);
  }
}
