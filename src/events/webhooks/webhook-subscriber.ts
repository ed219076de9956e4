import { version } from "../../runtime/version.ts";
import type { DeliveredEvent } from "../subscribers.ts";
import type { Subscriber } from "../subscriptions.ts";
import { withinTime } from "../within-time.ts";
import { postWebhook } from "./post-webhook.ts";
import { signatureOf } from "./signature.ts";
import type { Webhook } from "./webhook-queries.ts";

/** How webhooks are called. */
export interface WebhookOptions {
  /** How long one may take to answer, in all. */
  readonly seconds: number;
  /** Private networks that webhooks may be in. */
  readonly networks: readonly string[];
}

/** Returns the subscriber that sends events to a webhook. */
export function webhookSubscriber(
  { id, url, events, secret }: Webhook,
  { seconds, networks }: WebhookOptions,
): Subscriber {
  const send = (event: DeliveredEvent) =>
    withinTime(seconds, (signal) => {
      const body = bodyOf(event);
      const headers = {
        "content-type": "application/json; charset=utf-8",
        "user-agent": `Nettle/${version}`,
        "nettle-signature": signatureOf(body, secret, new Date()),
      };
      return postWebhook({ url, body, headers, networks, signal });
    });
  return { id, handlers: new Map(events.map((name) => [name, send])) };
}

function bodyOf({ id, name, data, createdAt }: DeliveredEvent): string {
  return JSON.stringify({
    id,
    type: name,
    created: Math.floor(createdAt.getTime() / 1000),
    data,
  });
}
