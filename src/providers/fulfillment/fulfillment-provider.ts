import { z } from "zod";
import type { ProviderAddress } from "../parties.ts";
import type { Provider, ProviderContext, ProviderKind } from "../provider-kind.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * Delivers goods, as far as a storefront is concerned: it validates a shopper's choice and
 * calculates shipping prices. A shipping option names its provider and carries `data` that only the
 * provider understands. Sending and receiving parcels belongs to the Admin API.
 */
export interface FulfillmentProvider extends Provider {
  /**
   * Returns whether the provider can serve a shipping option that the shop wants to offer. Reserved
   * for the Admin API: not called yet, so it may be left out.
   */
  validateOption?(
    question: { readonly data: Json },
    context: ProviderContext,
  ): boolean | Promise<boolean>;
  /**
   * Returns whether the provider calculates the price of an option (price type `calculated`); not
   * called for options with a `flat_rate`. Reserved for the Admin API: not called yet, so it may be
   * left out.
   */
  canCalculate?(
    question: { readonly data: Json },
    context: ProviderContext,
  ): boolean | Promise<boolean>;
  /**
   * Returns the price of an option for a cart: an integer in the currency's smallest unit, with or
   * without tax as the option's `includes_tax` says.
   */
  calculatePrice(question: FulfillmentChoice, context: ProviderContext): number | Promise<number>;
  /**
   * Returns the data to store with the cart's shipping method, such as a parcel shop, from what the
   * shopper sent. Throws a `Refusal` if something is missing.
   */
  validateFulfillmentData(
    question: FulfillmentChoice,
    context: ProviderContext,
  ): Json | Promise<Json>;
  /**
   * Prepares a return parcel. Returns what the shop stores as the return's `shipping_data`, such as
   * a label. Optional. The shop records the return only afterwards, so an interruption in between
   * leaves a parcel without a return.
   */
  createReturn?(question: FulfillmentReturn, context: ProviderContext): Json | Promise<Json>;
}

/**
 * A parcel that a customer is going to send back: `option` is the return shipping option, and
 * `cart` holds the returned items.
 */
export interface FulfillmentReturn extends FulfillmentChoice {
  readonly return_id: string;
}

/** A shipping option that is chosen, or considered, for a cart. */
export interface FulfillmentChoice {
  readonly option: { readonly id: string; readonly data: Json };
  /** The data that the shopper sent with the choice. */
  readonly data: Json;
  readonly cart: FulfillmentCart;
}

/** A cart as fulfillment providers receive it. Amounts are in the currency's smallest unit. */
export interface FulfillmentCart {
  readonly id: string;
  readonly region_id: string;
  readonly currency_code: string;
  readonly email: string | null;
  readonly shipping_address: ProviderAddress | null;
  readonly items: readonly FulfillmentItem[];
}

/** A line of a cart or return as fulfillment providers receive it. */
export interface FulfillmentItem {
  readonly item_id: string;
  readonly variant_id: string | null;
  readonly product_id: string | null;
  readonly quantity: number;
  readonly unit_price: number;
  /** Weight and dimensions of one unit, in the shop's own units of measure. */
  readonly weight: number | null;
  readonly length: number | null;
  readonly height: number | null;
  readonly width: number | null;
}

const MAX_PRICE = 2_147_483_647;
const dataAnswer = { answer: () => z.record(z.string(), z.json()) };
const yesOrNo = { optional: true, answer: () => z.boolean() };

/** The methods and answers of fulfillment providers. */
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
