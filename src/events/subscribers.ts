/**
 * The types of a shop's own subscribers (`SUBSCRIBERS`). This file imports nothing, so that it can
 * be copied beside a shop's module:
 *
 *     import type { Subscribers } from "nettle-store-api/subscribers";
 *     export default { "order.placed": async ({ data }) => … } satisfies Subscribers;
 */

/** An entity with all its own columns. */
interface Row {
  readonly id: string;
  readonly [column: string]: unknown;
}

/** The id of what an event is about. */
interface About {
  readonly id: string;
}

/** Medusa's own subscribers send no message about what has `no_notification: true`. */
interface Notified extends About {
  readonly no_notification?: boolean | null;
}

/** The data of each event that the shop publishes. Names and data are Medusa's. */
export interface EventData {
  "cart.created": About;
  "cart.customer_updated": About;
  /**
   * Ours alone: a payment of a cart is refunded or voided, since no order could be made of the
   * cart. `id` is the cart's.
   */
  "cart.payment_released": {
    readonly id: string;
    readonly payment_session_id: string | null;
    readonly provider_id: string;
    /** In the smallest unit of the currency. */
    readonly amount: number;
    readonly currency_code: string;
    /** Why there is no order: the message of the refusal. */
    readonly reason: string;
    /** Who completed the cart. A shopper has seen the refusal. */
    readonly initiated_by: "shopper" | "payment_provider" | "recovery";
  };
  "cart.updated": About;
  "customer.created": Row & { readonly email: string };
  /** `token` sets a new password, for 15 minutes. */
  "customer.password_reset": {
    readonly id: string;
    readonly email: string;
    readonly first_name: string | null;
    readonly last_name: string | null;
    readonly token: string;
  };
  "customer.updated": Row & { readonly email: string };
  "gift_card.created": About;
  "order-edit.confirmed": About;
  "order-edit.declined": About;
  /** `token` assigns the orders to the customer, for 15 minutes. It belongs to `old_email`. */
  "order-update-token.created": {
    readonly old_email: string;
    readonly new_customer_id: string;
    readonly orders: readonly string[];
    readonly token: string;
  };
  "order.payment_captured": Notified;
  "order.placed": Notified;
  "order.return_requested": About & { readonly return_id: string };
  "order.updated": Notified;
  "payment-collection.payment_authorized": Row;
  "payment.payment_captured": Row;
  "payment.updated": Row;
  /** An order has reserved some of its stock. */
  "product-variant.updated": About & {
    readonly product_id: string;
    readonly fields: readonly string[];
  };
  "swap.created": Notified;
  "swap.payment_captured": Notified;
  "swap.payment_completed": Notified;
}

/** The name of an event. */
export type EventName = keyof EventData;

/** An event on its way to a subscriber. */
export interface DeliveredEvent<Name extends EventName = EventName> {
  /** The same for every subscriber and every try: what is done for it can be remembered by it. */
  readonly id: string;
  readonly name: Name;
  readonly data: EventData[Name];
  /** When it happened. */
  readonly createdAt: Date;
  /** 1 for the first try. */
  readonly attempt: number;
}

/** What a subscriber may use. */
export interface SubscriberTools {
  /**
   * Runs a statement on the shop's database, with `$1`, `$2` … for the values, and returns its
   * rows.
   */
  query(
    statement: string,
    values?: readonly unknown[],
  ): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /**
   * Hands an e-mail to the shop's mail server.
   * @throws Error if it does not accept the mail, or `SMTP_URL` is not set
   */
  sendMail(mail: {
    readonly to: string;
    readonly subject: string;
    readonly text: string;
    readonly html: string;
  }): Promise<void>;
  /** Writes to the server's log. */
  readonly log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
  /** Aborts when the time of this try is over (`SUBSCRIBER_SECONDS`); pass it to `fetch`. */
  readonly signal: AbortSignal;
}

/**
 * The default export of a module of `SUBSCRIBERS`: what is done about each event. A function that
 * throws is called again later. It may be called twice for one event.
 */
export type Subscribers = {
  readonly [Name in EventName]?: (
    event: DeliveredEvent<Name>,
    tools: SubscriberTools,
  ) => Promise<void> | void;
};
