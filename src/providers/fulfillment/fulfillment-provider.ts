import { z } from "zod";
import type { ProviderAddress } from "../parties.ts";
import type { Provider, ProviderContext, ProviderKind } from "../provider-kind.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * Brings goods to people, as far as a storefront sees it: what it needs to know of a shopper's
 * choice, and what the way costs. A shipping option names its provider, and carries `data` that
 * only the provider understands. Sending parcels and receiving them is the Admin API's business.
 */
export interface FulfillmentProvider extends Provider {
  /**
   * Whether it can serve a shipping option that the shop wants to offer. Reserved for the Admin API:
   * Nettle does not call it yet, so it may be missing.
   */
  validateOption?(
    question: { readonly data: Json },
    context: ProviderContext,
  ): boolean | Promise<boolean>;
  /**
   * Whether it calculates the price of an option with the price type `calculated`. Reserved for the
   * Admin API: Nettle does not call it yet, so it may be missing.
   */
  canCalculate?(
    question: { readonly data: Json },
    context: ProviderContext,
  ): boolean | Promise<boolean>;
  /**
   * The price of an option for a cart: a whole number in the smallest unit of its currency, tax as
   * the option's `includes_tax` says.
   */
  calculatePrice(question: FulfillmentChoice, context: ProviderContext): number | Promise<number>;
  /**
   * What is kept with the cart's shipping method of what the shopper sent, such as a parcel shop;
   * throws a `Refusal` when something is missing.
   */
  validateFulfillmentData(
    question: FulfillmentChoice,
    context: ProviderContext,
  ): Json | Promise<Json>;
  /**
   * Prepares for a parcel that comes back; gives what the shop keeps of it as the return's
   * `shipping_data`, such as a label. It may be left out. The return is written afterwards, so one
   * that was cut off in between leaves a parcel that nobody sends.
   */
  createReturn?(question: FulfillmentReturn, context: ProviderContext): Json | Promise<Json>;
}

/**
 * A parcel that a customer is going to send back; what was chosen for it is the way back, and
 * `cart` what comes back.
 */
export interface FulfillmentReturn extends FulfillmentChoice {
  readonly return_id: string;
}

/** An option that is chosen, or looked at, for a cart. */
export interface FulfillmentChoice {
  readonly option: { readonly id: string; readonly data: Json };
  /** What the shopper sent with the choice. */
  readonly data: Json;
  readonly cart: FulfillmentCart;
}

/** Amounts are in the smallest unit of the currency. */
export interface FulfillmentCart {
  readonly id: string;
  readonly region_id: string;
  readonly currency_code: string;
  readonly email: string | null;
  readonly shipping_address: ProviderAddress | null;
  readonly items: readonly FulfillmentItem[];
}

export interface FulfillmentItem {
  readonly item_id: string;
  readonly variant_id: string | null;
  readonly product_id: string | null;
  readonly quantity: number;
  readonly unit_price: number;
  /** Of one piece, in the shop's own units. */
  readonly weight: number | null;
  readonly length: number | null;
  readonly height: number | null;
  readonly width: number | null;
}

const MAX_PRICE = 2_147_483_647;
const dataAnswer = { answer: () => z.record(z.string(), z.json()) };
const yesOrNo = { optional: true, answer: () => z.boolean() };

export const fulfillmentKind: ProviderKind<FulfillmentProvider> = {
  name: "fulfillment",
  table: "fulfillment_provider",
  methods: {
    validateOption: yesOrNo,
    canCalculate: yesOrNo,
    calculatePrice: { answer: () => z.int().min(0).max(MAX_PRICE) },
    validateFulfillmentData: dataAnswer,
    createReturn: { optional: true, ...dataAnswer },
  },
};
