import type { ZodType } from "zod";

/** What every method of a provider receives beside its question. */
export interface ProviderContext {
  /** Aborted when the shop no longer waits for the answer. */
  readonly signal: AbortSignal;
}

/** A method of a provider: takes one question and returns one answer, both plain data. */
export type Method = (question: never, context: ProviderContext) => unknown;

/** The properties that providers of all kinds have. */
export interface Provider {
  /**
   * The provider's name in the database and the API: letters, digits, dots, hyphens, underscores.
   */
  readonly id: string;
  /**
   * Whether the provider answers at once and from its question alone, so that it may be called
   * while rows are locked. A provider that asks another service must leave this out: it is then
   * called only while no row is locked.
   */
  readonly pure?: boolean;
  /**
   * Keys of a customer's metadata that mean something to the provider, such as the customer's id
   * there. Customers cannot write them by the Store API.
   */
  readonly reservedCustomerKeys?: readonly string[];
}

/** The methods among a provider's properties. */
export type Methods<P> = Omit<P, keyof Provider>;

/** A kind of provider: the methods that it needs, and the schema of each answer. */
export interface ProviderKind<P extends Provider> {
  readonly name: string;
  /** Medusa's table of the installed providers. */
  readonly table: string;
  readonly methods: {
    readonly [M in keyof Methods<P>]-?: {
      /** Whether a provider may lack the method. */
      readonly optional?: boolean;
      readonly answer: (question: Parameters<Extract<P[M & keyof P], Method>>[0]) => ZodType;
    };
  };
}

/** A provider as the shop calls it: with a time limit, and with answers that are checked. */
export type WrappedProvider<P extends Provider> = Required<Provider> & {
  readonly kind: string;
} & { readonly [M in keyof Methods<P>]: WrappedMethod<P[M & keyof P]> };

type WrappedMethod<M> =
  Extract<M, Method> extends (question: infer Q, context: ProviderContext) => infer A
    ? ((question: Q, limitSeconds?: number) => Promise<Awaited<A>>) | Extract<M, undefined>
    : never;
