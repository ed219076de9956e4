import { invalidRequest, resourceMissing, StripeApiError } from "./stripe-api-error.ts";
import { newStripeId, StripeCustomers } from "./stripe-customers.ts";
import type { FakeCharge, FakeEvent, FakeIntent, FakeRefund } from "./stripe-objects.ts";

/** The parameters of a request, as Stripe's form encoding carries them. */
export type Parameters = Readonly<Record<string, unknown>>;

/** The smallest amount that Stripe takes, in the smallest unit. */
const MIN_AMOUNT = 50;
const CHANGEABLE: readonly FakeIntent["status"][] = [
  "requires_payment_method",
  "requires_confirmation",
  "requires_action",
];
const CANCELABLE = [...CHANGEABLE, "requires_capture"] as const;

/** Cards and other methods that a shopper pays with, and what comes of it. */
const OUTCOMES: Readonly<Record<string, "pays" | "declined" | "needs_action">> = {
  pm_card_visa: "pays",
  pm_card_chargeDeclined: "declined",
  pm_card_threeDSecureRequired: "needs_action",
};

/** An account at a payment company that behaves like Stripe: what is held, captured and back. */
export class StripeAccount {
  readonly intents = new Map<string, FakeIntent>();
  readonly charges = new Map<string, FakeCharge>();
  readonly customers = new StripeCustomers();
  readonly refunds: FakeRefund[] = [];

  /** `onEvent` receives each event that Stripe would send. */
  constructor(private readonly onEvent: (event: FakeEvent) => void) {}

  createIntent(given: Parameters): FakeIntent {
    const { amount, currency, description = null } = given;
    const id = newStripeId("pi");
    const intent: FakeIntent = {
      id,
      object: "payment_intent",
      created: seconds(),
      livemode: false,
      client_secret: newStripeId(`${id}_secret`),
      currency: String(currency ?? "").toLowerCase(),
      capture_method: given["capture_method"] === "manual" ? "manual" : "automatic",
      payment_method_types: (given["payment_method_types"] as string[] | undefined) ?? ["card"],
      metadata: { ...(given["metadata"] as Record<string, string> | undefined) },
      description: description as string | null,
      amount: amountOf(amount),
      amount_capturable: 0,
      amount_received: 0,
      customer: this.customers.idOf(given["customer"]),
      payment_method: null,
      setup_future_usage: (given["setup_future_usage"] as string | undefined) ?? null,
      receipt_email: null,
      latest_charge: null,
      last_payment_error: null,
      next_action: null,
      canceled_at: null,
      status: "requires_payment_method",
    };
    if (!/^[a-z]{3}$/.test(intent.currency))
      throw invalidRequest(`Invalid currency: ${intent.currency}`, undefined, "currency");
    this.intents.set(id, intent);
    return intent;
  }

  updateIntent(id: string, given: Parameters): FakeIntent {
    const intent = this.intent(id);
    const changed = Object.keys(given).find((key) => key !== "metadata" && key !== "description");
    if (changed && !CHANGEABLE.includes(intent.status))
      throw unexpectedState(
        `This PaymentIntent's ${changed} could not be updated because it has a status of ` +
          `${intent.status}. You may only update the ${changed} of a PaymentIntent with one of ` +
          `the following statuses: ${CHANGEABLE.join(", ")}.`,
      );
    if (given["amount"] !== undefined) intent.amount = amountOf(given["amount"]);
    if (given["customer"] !== undefined) intent.customer = this.customers.idOf(given["customer"]);
    for (const key of ["payment_method", "setup_future_usage", "receipt_email"] as const)
      if (given[key] !== undefined) intent[key] = String(given[key]);
    if (given["payment_method"] !== undefined) intent.status = "requires_confirmation";
    Object.assign(intent.metadata, given["metadata"]);
    return intent;
  }

  /** The shopper pays, as Stripe's library in the browser does it. */
  confirmIntent(id: string, given: Parameters): FakeIntent {
    const intent = this.intent(id);
    if (!CHANGEABLE.includes(intent.status))
      throw unexpectedState(
        intent.status === "canceled"
          ? "This PaymentIntent could not be confirmed because it has a status of canceled."
          : "This PaymentIntent has already been confirmed, or has a status of " +
              `${intent.status}.`,
      );
    const method = String(given["payment_method"] ?? intent.payment_method ?? "");
    const outcome = this.customers.methods.has(method) ? "pays" : OUTCOMES[method];
    if (!outcome) throw resourceMissing("PaymentMethod", method, "payment_method");
    if (outcome === "declined") return this.#decline(intent);
    intent.payment_method = method;
    intent.last_payment_error = null;
    const isRedirect = intent.payment_method_types[0] !== "card";
    if (outcome === "needs_action" || isRedirect) {
      intent.status = "requires_action";
      intent.next_action = { type: isRedirect ? "redirect_to_url" : "use_stripe_sdk" };
      this.#emit("payment_intent.requires_action", intent);
      return intent;
    }
    return this.#pay(intent);
  }

  /** The shopper does what `next_action` asks for. */
  finishAction(id: string): FakeIntent {
    const intent = this.intent(id);
    if (intent.status !== "requires_action")
      throw unexpectedState(`Nothing is asked of the shopper: it is ${intent.status}`);
    return this.#pay(intent);
  }

  captureIntent(id: string, given: Parameters): FakeIntent {
    const intent = this.intent(id);
    const { status } = intent;
    if (status !== "requires_capture")
      throw unexpectedState(
        status === "succeeded"
          ? "This PaymentIntent could not be captured because it has already been captured."
          : `This PaymentIntent could not be captured because it has a status of ${status}. Only ` +
              "a PaymentIntent with one of the following statuses may be captured: " +
              "requires_capture.",
      );
    const amount = Number(given["amount_to_capture"] ?? intent.amount_capturable);
    if (amount > intent.amount_capturable || amount < 1)
      throw invalidRequest(
        "The amount to capture is more than what is held",
        "amount_too_large",
        "amount_to_capture",
      );
    this.#capture(intent, amount);
    return intent;
  }

  cancelIntent(id: string): FakeIntent {
    const intent = this.intent(id);
    if (!CANCELABLE.some((status) => status === intent.status))
      throw unexpectedState(
        `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only ` +
          "a PaymentIntent with one of the following statuses may be canceled: " +
          `${CANCELABLE.join(", ")}.`,
      );
    const charge = this.charges.get(intent.latest_charge ?? "");
    // What was held goes back, and counts as refunded.
    if (charge) Object.assign(charge, { amount_refunded: charge.amount, refunded: true });
    Object.assign(intent, { status: "canceled", canceled_at: seconds(), amount_capturable: 0 });
    this.#emit("payment_intent.canceled", intent);
    return intent;
  }

  refund(given: Parameters): FakeRefund {
    const intent = this.intent(String(given["payment_intent"]));
    const charge = this.charges.get(intent.latest_charge ?? "");
    if (!charge?.captured)
      throw invalidRequest(
        `This PaymentIntent (${intent.id}) does not have a successful charge to refund.`,
      );
    const left = charge.amount - charge.amount_refunded;
    if (left === 0)
      throw invalidRequest(
        `Charge ${charge.id} has already been refunded.`,
        "charge_already_refunded",
      );
    const amount = Number(given["amount"] ?? left);
    if (amount > left || amount < 1)
      throw invalidRequest(
        `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
      );
    charge.amount_refunded += amount;
    charge.refunded = charge.amount_refunded === charge.amount;
    const refund: FakeRefund = {
      id: newStripeId("re"),
      object: "refund",
      amount,
      payment_intent: intent.id,
      charge: charge.id,
      status: "succeeded",
    };
    this.refunds.push(refund);
    this.#emit("charge.refunded", charge);
    return refund;
  }

  intent(id: string): FakeIntent {
    const intent = this.intents.get(id);
    if (!intent) throw resourceMissing("payment_intent", id);
    return intent;
  }

  /** What of an intent was captured and not refunded. */
  keptOf({ latest_charge }: FakeIntent): number {
    const charge = this.charges.get(latest_charge ?? "");
    return charge?.captured ? charge.amount - charge.amount_refunded : 0;
  }

  /** Sums up all intents: what is held, what was captured and is not refunded. */
  totals() {
    const sum = (amounts: number[]) => amounts.reduce((all, one) => all + one, 0);
    const intents = [...this.intents.values()];
    return {
      held: sum(intents.map((one) => one.amount_capturable)),
      kept: sum(intents.map((one) => this.keptOf(one))),
    };
  }

  #decline(intent: FakeIntent): never {
    const error = {
      type: "card_error",
      code: "card_declined",
      decline_code: "generic_decline",
      message: "Your card was declined.",
    };
    Object.assign(intent, { status: "requires_payment_method", last_payment_error: error });
    this.#emit("payment_intent.payment_failed", intent);
    throw new StripeApiError(402, { ...error, payment_intent: { ...intent } });
  }

  #pay(intent: FakeIntent): FakeIntent {
    const { id, amount } = intent;
    const charge: FakeCharge = {
      ...{ id: newStripeId("ch"), object: "charge", payment_intent: id, amount },
      ...{ amount_captured: 0, amount_refunded: 0, captured: false, refunded: false },
    };
    this.charges.set(charge.id, charge);
    Object.assign(intent, { latest_charge: charge.id, next_action: null });
    if (intent.capture_method === "automatic") this.#capture(intent, amount);
    else {
      Object.assign(intent, { status: "requires_capture", amount_capturable: amount });
      this.#emit("payment_intent.amount_capturable_updated", intent);
    }
    return intent;
  }

  #capture(intent: FakeIntent, amount: number): void {
    const charge = this.charges.get(intent.latest_charge ?? "")!;
    Object.assign(charge, { captured: true, amount_captured: amount });
    // What is not captured goes back, and counts as refunded.
    charge.amount_refunded = charge.amount - amount;
    Object.assign(intent, { status: "succeeded", amount_received: amount, amount_capturable: 0 });
    this.#emit("payment_intent.succeeded", intent);
  }

  #emit(type: string, object: object): void {
    this.onEvent({
      id: newStripeId("evt"),
      object: "event",
      api_version: "2022-11-15",
      created: seconds(),
      livemode: false,
      type,
      data: { object: structuredClone(object) },
    });
  }
}

function amountOf(value: unknown): number {
  const amount = Number(value);
  if (!Number.isInteger(amount)) throw invalidRequest("Invalid integer", undefined, "amount");
  if (amount < MIN_AMOUNT)
    throw invalidRequest(
      "Amount must be no less than 50 in the smallest unit",
      "amount_too_small",
      "amount",
    );
  return amount;
}

const unexpectedState = (message: string) =>
  invalidRequest(message, "payment_intent_unexpected_state");

const seconds = () => Math.floor(Date.now() / 1000);
