import type { Knex } from "knex";
import { poll } from "../../concurrency/poll.ts";
import type { Log } from "../../runtime/log.ts";
import type { Subscriptions } from "../subscriptions.ts";
import { listWebhooks } from "./webhook-queries.ts";
import { type WebhookOptions, webhookSubscriber } from "./webhook-subscriber.ts";

/** A webhook that is added or removed counts for every process after this time. */
const POLL_INTERVAL_MS = 3000;

/**
 * Loads the webhooks, and keeps following which are added and removed. Returns the function that
 * stops it.
 */
export async function followWebhooks(
  knex: Knex,
  subscriptions: Subscriptions,
  options: WebhookOptions,
  log: Log,
): Promise<() => Promise<void>> {
  const load = async () => {
    const webhooks = await listWebhooks(knex);
    subscriptions.setWebhooks(webhooks.map((webhook) => webhookSubscriber(webhook, options)));
  };
  await load();
  return poll(
    () =>
      load().catch((error: unknown) =>
        log.warn({ event: "webhooks_unavailable", err: error }, "The webhooks could not be read"),
      ),
    POLL_INTERVAL_MS,
  );
}
