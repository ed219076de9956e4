import { NotFoundError } from "../core/errors.ts";
import { type FulfillmentProvider, fulfillmentKind } from "./fulfillment/fulfillment-provider.ts";
import { manualFulfillment } from "./fulfillment/manual-fulfillment.ts";
import { manualPayment } from "./payment/manual-payment.ts";
import { type PaymentProvider, paymentKind } from "./payment/payment-provider.ts";
import type { ObserveCall } from "./provider-calls.ts";
import type { Provider, ProviderKind, WrappedProvider } from "./provider-kind.ts";
import { ratesProvider } from "./tax/rates-provider.ts";
import { type TaxProvider, taxKind } from "./tax/tax-provider.ts";
import { wrapProvider } from "./wrap-provider.ts";

/** The kinds of providers, by the name under which a module exports them. */
export const providerKinds = { tax: taxKind, fulfillment: fulfillmentKind, payment: paymentKind };

/** A shop's own providers, by kind. */
export interface OwnProviders {
  readonly tax: readonly TaxProvider[];
  readonly fulfillment: readonly FulfillmentProvider[];
  readonly payment: readonly PaymentProvider[];
}

/** All providers that the shop can call, each of them wrapped. */
export interface Providers {
  readonly tax: ProviderRegistry<TaxProvider>;
  readonly fulfillment: ProviderRegistry<FulfillmentProvider>;
  readonly payment: ProviderRegistry<PaymentProvider>;
  /** How long the shop waits for an answer, in seconds. */
  readonly seconds: number;
}

/** The providers of one kind. */
export class ProviderRegistry<P extends Provider> {
  readonly #kind: ProviderKind<P>;
  readonly #byId: ReadonlyMap<string, WrappedProvider<P>>;

  constructor(
    kind: ProviderKind<P>,
    providers: readonly P[],
    seconds: number,
    observe?: ObserveCall,
  ) {
    this.#kind = kind;
    this.#byId = new Map(
      providers.map((provider) => [provider.id, wrapProvider(kind, provider, seconds, observe)]),
    );
  }

  get name(): string {
    return this.#kind.name;
  }

  get table(): string {
    return this.#kind.table;
  }

  get ids(): string[] {
    return [...this.#byId.keys()];
  }

  /** Returns whether this server has the provider. */
  has(id: string): boolean {
    return this.#byId.has(id);
  }

  /**
   * Returns the provider with an id.
   * @throws NotFoundError if this server does not have the provider, though the shop may name it
   */
  get(id: string): WrappedProvider<P> {
    const provider = this.#byId.get(id);
    if (!provider)
      throw new NotFoundError(`Could not find a ${this.#kind.name} provider with id: ${id}`);
    return provider;
  }
}

/**
 * Returns the built-in providers and the shop's own. `seconds` is how long the shop waits for an
 * answer. `observe` hears of each call of a provider that asks another service.
 */
export function createProviders(
  seconds: number,
  own: Partial<OwnProviders> = {},
  observe?: ObserveCall,
): Providers {
  const { tax = [], fulfillment = [], payment = [] } = own;
  const registry = <P extends Provider>(kind: ProviderKind<P>, providers: readonly P[]) =>
    new ProviderRegistry(kind, providers, seconds, observe);
  return {
    tax: registry(taxKind, [ratesProvider, ...tax]),
    fulfillment: registry(fulfillmentKind, [manualFulfillment, ...fulfillment]),
    payment: registry(paymentKind, [manualPayment, ...payment]),
    seconds,
  };
}

/** The key under which Medusa's Stripe plugin keeps the customer's id at Stripe. */
const STRIPE_KEY = "stripe_id";

/** Returns the keys of a customer's metadata that customers cannot write themselves. */
export function reservedCustomerKeys({ tax, fulfillment, payment }: Providers): Set<string> {
  const declared = [tax, fulfillment, payment].flatMap((registry) =>
    registry.ids.flatMap((id) => registry.get(id).reservedCustomerKeys),
  );
  return new Set([STRIPE_KEY, ...declared]);
}

/** Returns a line for the log: `tax system; fulfillment manual; payment manual, stripe`. */
export function describeProviders({ tax, fulfillment, payment }: Providers): string {
  return [tax, fulfillment, payment].map(({ name, ids }) => `${name} ${ids.join(", ")}`).join("; ");
}

/**
 * Returns the tax provider with the id that a region names, or the shop's own rates without an id.
 * @throws NotFoundError if this server does not have the provider
 */
export function taxProviderOf(
  providers: Providers,
  id: string | null,
): WrappedProvider<TaxProvider> {
  return providers.tax.get(id ?? ratesProvider.id);
}
