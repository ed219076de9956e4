import type { ProviderAddress } from "../providers/parties.ts";

/**
 * What the templates of each mail receive. Amounts are integers in the currency's smallest unit.
 * docs/mails.md describes the same for those who write templates.
 */
export interface MailData {
  readonly "cart.payment_released": {
    readonly amount: number;
    readonly currency_code: string;
    /** Whether the cart is an order, paid by another payment. */
    readonly is_ordered: boolean;
  };
  readonly "customer.password_reset": {
    readonly first_name: string | null;
    readonly last_name: string | null;
    readonly link: string;
  };
  readonly "gift_card.created": {
    readonly cards: readonly MailedGiftCard[];
    /** Of all cards together. */
    readonly value: number;
    readonly currency_code: string;
  };
  readonly "order-update-token.created": { readonly link: string };
  readonly "order.placed": { readonly order: MailedOrder };
  readonly "order.return_requested": {
    readonly order: Pick<MailedOrder, "id" | "display_id" | "currency_code">;
    readonly return: MailedReturn;
  };
}

/** The name of a mail: that of the event that it is sent for. */
export type MailName = keyof MailData;

export interface MailedGiftCard {
  readonly code: string;
  readonly value: number;
  readonly balance: number;
  readonly ends_at: string | null;
}

export interface MailedLine {
  readonly title: string;
  /** The title of the variant. */
  readonly description: string | null;
  /** A whole address, or null. */
  readonly thumbnail: string | null;
  readonly quantity: number;
}

/** A line of an order's summary. The amounts of all but `included_tax` add up to `total`. */
export interface SummaryRow {
  readonly kind:
    | "items"
    | "discounts"
    | "shipping"
    | "tax"
    | "gift_cards"
    | "total"
    | "included_tax";
  readonly amount: number;
}

/** An address, in the form in which providers receive it, too. */
export type MailedAddress = ProviderAddress;

export interface MailedOrder {
  readonly id: string;
  readonly display_id: number;
  readonly created_at: string;
  readonly email: string;
  readonly currency_code: string;
  /** `amount` is before discounts, with tax if the shop's prices include it. */
  readonly items: readonly (MailedLine & { readonly amount: number })[];
  readonly discounts: readonly string[];
  readonly shipping_methods: readonly string[];
  readonly summary: readonly SummaryRow[];
  readonly total: number;
  readonly shipping_address: MailedAddress | null;
  readonly billing_address: MailedAddress | null;
}

export interface MailedReturn {
  readonly id: string;
  readonly items: readonly MailedLine[];
  readonly refund_amount: number;
  readonly shipping_method: string | null;
}

/** All mails, as an object so that the compiler finds one that is missing. */
const all: Readonly<Record<MailName, true>> = {
  "cart.payment_released": true,
  "customer.password_reset": true,
  "gift_card.created": true,
  "order-update-token.created": true,
  "order.placed": true,
  "order.return_requested": true,
};

/** The names of all mails. */
export const mailNames = Object.keys(all) as MailName[];

/** Returns whether there is a mail with a name. */
export function isMailName(name: string): name is MailName {
  return Object.hasOwn(all, name);
}
