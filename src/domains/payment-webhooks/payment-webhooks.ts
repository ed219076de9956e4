import { isFinal, NotFoundError } from "../../core/errors.ts";
import type { WebhookCall, WebhookEvent } from "../../providers/payment/payment-provider.ts";
import type { Providers } from "../../providers/providers.ts";
import type { Log } from "../../runtime/log.ts";

/** What a provider says of a payment. */
export interface PaymentNotification {
  readonly providerId: string;
  /** What the payment is for, a cart or a payment collection. */
  readonly resourceId: string;
  readonly now: Date;
}

/** A kind of thing that is paid for. Each method may be called late, twice, and in any order. */
export interface PaymentTarget {
  /** Whether there is one of its kind with this id. */
  has(resourceId: string): Promise<boolean>;
  authorized(notification: PaymentNotification): Promise<void>;
  captured(notification: PaymentNotification): Promise<void>;
  failed(notification: PaymentNotification): Promise<void>;
}

/**
 * Calls of payment providers' servers: what a shopper paid for is theirs, even if they never come
 * back from the provider's page.
 */
export class PaymentWebhooks {
  constructor(
    private readonly providers: Providers,
    private readonly targets: readonly PaymentTarget[],
    private readonly log: Log,
  ) {}

  /**
   * Does what a call asks for. It returns where calling again would change nothing, also when the
   * shop refuses what was paid for: that is logged, and what was set aside is let go.
   * @throws NotFound no such provider, or one that makes no calls · NotAllowed its signature is
   * wrong · Conflict · ProviderFailure calling again may help
   */
  async receive(providerId: string, call: WebhookCall, now: Date): Promise<{ received: true }> {
    const event = await this.#read(providerId, call);
    if (event.event !== "ignored")
      await this.#dispatch(event, { providerId, resourceId: event.resource_id, now });
    return { received: true };
  }

  #read(providerId: string, call: WebhookCall): Promise<WebhookEvent> {
    const { payment } = this.providers;
    const webhook = payment.has(providerId) ? payment.get(providerId).webhook : undefined;
    if (!webhook)
      throw new NotFoundError(`There is no payment provider ${providerId} that calls this shop`);
    return webhook(call);
  }

  async #dispatch(
    { event }: { readonly event: keyof Omit<PaymentTarget, "has"> },
    notification: PaymentNotification,
  ): Promise<void> {
    const { providerId: provider, resourceId: resource } = notification;
    for (const target of this.targets) {
      if (!(await target.has(resource))) continue;
      try {
        return await target[event](notification);
      } catch (error) {
        if (!isFinal(error)) throw error;
        this.log.warn(
          { provider, resource, event, reason: error.message },
          "What was paid for cannot be sold",
        );
        return;
      }
    }
    this.log.warn(
      { provider, event, resource },
      "A payment provider told of something that is not this shop's",
    );
  }
}
