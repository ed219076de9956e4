import { isFinal, NotFoundError, PaymentNotConfirmedError } from "../../core/errors.ts";
import type { WebhookCall, WebhookEvent } from "../../providers/payment/payment-provider.ts";
import type { Providers } from "../../providers/providers.ts";
import type { Log } from "../../runtime/log.ts";
import type { ReportedPayments } from "./reported-payments.ts";

/** What a provider reports about a payment. */
export interface PaymentNotification {
  readonly providerId: string;
  /** The cart's id, or the payment collection's. */
  readonly resourceId: string;
  /** A part of the payment's data; undefined where the provider does not say which payment. */
  readonly data: WebhookData;
  readonly now: Date;
}

type WebhookData = Extract<WebhookEvent, { resource_id: string }>["data"];

/**
 * A kind of resource that is paid for. Each method may be called late, twice, and in any order.
 */
export interface PaymentTarget {
  /** Whether a resource of this kind has the id. */
  has(resourceId: string): Promise<boolean>;
  onAuthorized(notification: PaymentNotification): Promise<void>;
  onCaptured(notification: PaymentNotification): Promise<void>;
  onFailed(notification: PaymentNotification): Promise<void>;
}

type PaymentEvent = Exclude<WebhookEvent["event"], "ignored">;

const METHODS = {
  authorized: "onAuthorized",
  captured: "onCaptured",
  failed: "onFailed",
} as const satisfies Record<PaymentEvent, keyof PaymentTarget>;

/**
 * Receives calls of payment providers' servers. A shopper who paid gets the order, also without
 * coming back from the provider's page.
 */
export class PaymentWebhooks {
  constructor(
    private readonly providers: Providers,
    private readonly targets: readonly PaymentTarget[],
    private readonly reported: Pick<ReportedPayments, "requeueReleases" | "mustBeKnown">,
    private readonly log: Log,
  ) {}

  /**
   * Handles a call. Returns where a repeated call would change nothing, also where the shop refuses
   * what was paid for: that is logged, and the payment is released.
   * @throws NotFoundError if there is no such provider, or it makes no calls
   * @throws NotAllowedError if the signature is wrong
   * @throws ConflictError; a repeated call may succeed, also where the payment is unknown
   * @throws ProviderError; a repeated call may succeed
   */
  async receive(providerId: string, call: WebhookCall, now: Date): Promise<{ received: true }> {
    const event = await this.#read(providerId, call);
    if (event.event !== "ignored") {
      const { resource_id: resourceId, provider_id = providerId, data } = event;
      await this.#dispatch(event.event, { providerId: provider_id, resourceId, data, now });
    }
    return { received: true };
  }

  #read(providerId: string, call: WebhookCall): Promise<WebhookEvent> {
    const { payment } = this.providers;
    const webhook = payment.has(providerId) ? payment.get(providerId).webhook : undefined;
    if (!webhook)
      throw new NotFoundError(`There is no payment provider ${providerId} that calls this shop`);
    return webhook(call);
  }

  async #dispatch(payment_event: PaymentEvent, notification: PaymentNotification): Promise<void> {
    if (payment_event === "failed") {
      await this.#handle(payment_event, notification);
      return;
    }
    const isReleased = await this.reported.requeueReleases(notification);
    try {
      await this.#handle(payment_event, notification);
    } catch (error) {
      if (!(error instanceof PaymentNotConfirmedError)) throw error;
      // What is reported may be one of the payments that are released.
      if (!isReleased) {
        const { providerId: provider, resourceId: resource, data } = notification;
        this.log.error(
          { event: "payment_unconfirmed", provider, resource, payment_event, data, err: error },
          "A provider reported a payment and does not confirm it; it was asked to report it again",
        );
        throw error;
      }
    }
    await this.reported.mustBeKnown(payment_event, notification);
  }

  async #handle(payment_event: PaymentEvent, notification: PaymentNotification): Promise<void> {
    const { providerId: provider, resourceId: resource } = notification;
    const about = { provider, resource, payment_event };
    for (const target of this.targets) {
      if (!(await target.has(resource))) continue;
      try {
        return await target[METHODS[payment_event]](notification);
      } catch (error) {
        if (!isFinal(error)) throw error;
        const { message: reason, payment } = error;
        this.log.warn(
          { event: "paid_resource_refused", ...about, reason, payment },
          "The shop refused what was paid for; the payment was or will be released",
        );
        return;
      }
    }
  }
}
