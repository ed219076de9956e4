type Json = Readonly<Record<string, unknown>>;
type Answer<A> = A | Promise<A>;

/** A payment as the checks know it. */
export interface SupportedPayment {
  readonly resource_id: string;
  /** In the currency's smallest unit. */
  readonly amount: number;
  readonly currency_code: string;
  /** What the provider has returned last. */
  readonly data: Json;
}

/**
 * What only the author of a provider knows, for checks that need it. All of it is optional: what is
 * missing makes some checks not applicable. It is the default export of a module of its own.
 */
export interface ContractSupport {
  readonly payment?: {
    /** In the currency's smallest unit; 2000 if left out. */
    readonly amount?: number;
    /** `eur` if left out. */
    readonly currency_code?: string;
    /** Does what a shopper does outside of the shop, such as confirming the payment. */
    readonly pay?: (payment: SupportedPayment) => Answer<unknown>;
    /** Returns what is held or captured and not returned, as the provider's server has it. */
    readonly balance?: (payment: SupportedPayment) => Answer<number>;
    /** Returns a signed call of the provider's server that says that the payment was captured. */
    readonly webhook?: (
      payment: SupportedPayment,
    ) => Answer<{ readonly headers: Readonly<Record<string, string>>; readonly body: string }>;
  };
  readonly fulfillment?: {
    /** The `data` of a shipping option that the provider serves. */
    readonly option?: Json;
    /** What a shopper sends with the choice of this option. */
    readonly data?: Json;
    readonly currency_code?: string;
    readonly shipping_address?: Readonly<Record<string, string>>;
  };
  readonly tax?: {
    readonly currency_code?: string;
    readonly shipping_address?: Readonly<Record<string, string>>;
  };
}
