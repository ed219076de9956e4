/** What the page says of the server. */
export interface ServerFacts {
  readonly version: string;
  /** The address at which the page was opened, without a trailing slash. */
  readonly address: string;
  /** As PostgreSQL reports it; undefined if it does not answer. */
  readonly databaseVersion: string | undefined;
  readonly isEmbedded: boolean;
  readonly redis: "up" | "down" | "unused";
  /** `tax system; fulfillment manual; payment manual` */
  readonly providers: string;
  readonly products: number;
  readonly regions: number;
  /** Answers that came from memory; undefined if none may. */
  readonly memory: { readonly hits: number } | undefined;
  readonly mail: "smtp" | "log" | "none";
  /** The origins whose pages may call the server, as STORE_CORS lists them. */
  readonly origins: readonly string[];
}

/** A product on the page. */
export interface ShownProduct {
  readonly title: string;
  readonly subtitle: string;
  /** Path of its picture on this server. */
  readonly picture: string;
  /** Formatted. */
  readonly price: string;
  /** The price before a sale, formatted; undefined without one. */
  readonly before: string | undefined;
  readonly isFrom: boolean;
}

/** A discount code, and what it does in words. */
export interface ShownCode {
  readonly code: string;
  readonly description: string;
  /** Where it is valid, and what limits it. */
  readonly limits: string;
  readonly isValid: boolean;
}

/** An order of the demo customer. */
export interface ShownOrder {
  readonly number: number;
  /** What can be seen at it. */
  readonly story: string;
  /** Formatted. */
  readonly total: string;
}

/** A variant that cannot be sold as any other. */
export interface ShownStock {
  readonly sku: string;
  readonly title: string;
  readonly variant: string;
}

/** What the page says of the demo shop. */
export interface DemoFacts {
  readonly shop: string;
  readonly customer: { readonly email: string; readonly password: string };
  readonly products: readonly ShownProduct[];
  readonly codes: readonly ShownCode[];
  readonly giftCard: { readonly code: string; readonly balance: string } | undefined;
  readonly soldOut: readonly ShownStock[];
  readonly onBackorder: readonly ShownStock[];
  readonly orders: readonly ShownOrder[];
  /** An order edit that waits for the customer. */
  readonly orderEditId: string | undefined;
  readonly publishableKey: string | null;
  /** What the lines of the first order need; undefined if the shop no longer has it. */
  readonly checkout: CheckoutIds | undefined;
}

/** Ids of a region, of something to buy there, and of a way to send it. */
export interface CheckoutIds {
  readonly region: string;
  readonly variant: string;
  readonly shippingOption: string;
}
