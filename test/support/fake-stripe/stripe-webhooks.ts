import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { FakeEvent } from "./stripe-objects.ts";

/** How events are delivered. */
export interface StripeDelivery {
  /**
   * When an event is sent, in milliseconds after it happened. Several times are duplicates, and
   * different ones put events in another order.
   */
  readonly delays: (event: FakeEvent) => readonly number[];
  /** How often an event is sent again until the shop answers 2xx, and after how long. */
  readonly tries: number;
  readonly intervalMs: number;
}

interface SendOptions {
  /** How long ago the call was signed, in seconds. */
  readonly age?: number;
  /** The secrets that sign the call: two while one replaces the other. */
  readonly secrets?: readonly string[];
}

/** Sends events to the shop, signed as Stripe signs them. */
export class StripeWebhooks {
  /** Every event, in order, whether or not it was sent. */
  readonly events: FakeEvent[] = [];
  /** Where events are sent as they happen; undefined sends none. */
  url: string | (() => string) | undefined;
  // An event is sent after the answer, as if by another machine.
  delivery: StripeDelivery = { delays: () => [5], tries: 1, intervalMs: 100 };
  readonly #deliveries = new Set<Promise<unknown>>();

  constructor(private readonly secret: string) {}

  /** Records an event, and sends it. */
  publish(event: FakeEvent): void {
    this.events.push(event);
    if (this.url === undefined) return;
    for (const delay of this.delivery.delays(event)) {
      const delivery = sleep(delay)
        .then(() => this.#deliver(event))
        .finally(() => this.#deliveries.delete(delivery));
      this.#deliveries.add(delivery);
    }
  }

  /** Sends an event once. Returns the shop's response. */
  send(event: FakeEvent, { age = 0, secrets = [this.secret] }: SendOptions = {}) {
    const body = JSON.stringify(event);
    const time = Math.floor(Date.now() / 1000) - age;
    const signed = (secret: string) =>
      createHmac("sha256", secret).update(`${time}.${body}`).digest("hex");
    const signatures = secrets.map((secret) => `v1=${signed(secret)}`);
    // Calls in test mode have a signature of an old scheme, too, which proves nothing.
    const signature = [`t=${time}`, ...signatures, `v0=${"0".repeat(64)}`].join(",");
    return fetch(this.#address(), {
      method: "POST",
      body,
      headers: { "content-type": "application/json", "stripe-signature": signature },
    });
  }

  /** Waits until every event was answered, or has been tried often enough. */
  async whenDelivered(): Promise<void> {
    while (this.#deliveries.size > 0) await Promise.all(this.#deliveries);
  }

  async #deliver(event: FakeEvent): Promise<void> {
    for (let tries = 0; tries < this.delivery.tries && this.url !== undefined; tries++) {
      if (tries > 0) await sleep(this.delivery.intervalMs);
      const answer = await this.send(event).catch(() => undefined);
      await answer?.arrayBuffer().catch(() => undefined);
      if (answer?.ok) return;
    }
  }

  #address(): string {
    return (typeof this.url === "function" ? this.url() : this.url) ?? "";
  }
}
