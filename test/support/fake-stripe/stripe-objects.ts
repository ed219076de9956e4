/** A payment intent, as far as the shop and storefronts use it. Amounts in the smallest unit. */
export interface FakeIntent {
  readonly id: string;
  readonly object: "payment_intent";
  readonly created: number;
  readonly livemode: false;
  readonly client_secret: string;
  readonly currency: string;
  readonly capture_method: "manual" | "automatic";
  readonly payment_method_types: string[];
  readonly metadata: Record<string, string>;
  readonly description: string | null;
  amount: number;
  amount_capturable: number;
  amount_received: number;
  customer: string | null;
  payment_method: string | null;
  setup_future_usage: string | null;
  receipt_email: string | null;
  latest_charge: string | null;
  last_payment_error: object | null;
  next_action: object | null;
  canceled_at: number | null;
  status:
    | "requires_payment_method"
    | "requires_confirmation"
    | "requires_action"
    | "requires_capture"
    | "succeeded"
    | "canceled";
}

export interface FakeCharge {
  readonly id: string;
  readonly object: "charge";
  readonly payment_intent: string;
  readonly amount: number;
  amount_captured: number;
  amount_refunded: number;
  captured: boolean;
  refunded: boolean;
}

export interface FakeCustomer {
  readonly id: string;
  readonly object: "customer";
  readonly created: number;
  readonly email: string | null;
  readonly metadata: Record<string, string>;
}

export interface FakePaymentMethod {
  readonly id: string;
  readonly object: "payment_method";
  readonly type: string;
  readonly card: { readonly brand: string; readonly last4: string };
  readonly customer: string | null;
}

export interface FakeRefund {
  readonly id: string;
  readonly object: "refund";
  readonly amount: number;
  readonly payment_intent: string;
  readonly charge: string;
  readonly status: "succeeded";
}

/** An event, as Stripe sends it to the shop. */
export interface FakeEvent {
  readonly id: string;
  readonly object: "event";
  readonly api_version: string;
  readonly created: number;
  readonly livemode: false;
  readonly type: string;
  readonly data: { readonly object: unknown };
}
