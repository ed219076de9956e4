import type { ZodType } from "zod";

/** What every method of a provider gets beside its question. */
export interface ProviderContext {
  /** Aborted when the answer is waited for no longer. */
  readonly signal: AbortSignal;
}

/** A method of a provider: one question, plain data; one answer, plain data. */
export type Method = (question: never, context: ProviderContext) => unknown;

/** What a provider is, whatever its kind. */
export interface Provider {
  /** Its name in the database and the API: letters, digits, dots, dashes, underscores. */
  readonly id: string;
  /**
   * It answers at once and from its question alone, so it may be asked while rows are locked. To be
   * left out by whatever asks somebody else: it is then only asked while nothing is locked.
   */
  readonly pure?: boolean;
}

/** The methods among a provider's properties. */
export type Methods<P> = Omit<P, keyof Provider>;

/**
 * A kind of provider: what it must be able to do, and what an answer to a question must look like.
 */
export interface ProviderKind<P extends Provider> {
  readonly name: string;
  /** Medusa's table of the providers that are there. */
  readonly table: string;
  readonly methods: {
    readonly [M in keyof Methods<P>]-?: {
      /** A provider may do without it. */
      readonly optional?: boolean;
      readonly answer: (question: Parameters<Extract<P[M & keyof P], Method>>[0]) => ZodType;
    };
  };
}

/** A provider as the shop asks it: answers are waited for so long, and checked. */
export type WrappedProvider<P extends Provider> = Required<Provider> & {
  readonly kind: string;
} & { readonly [M in keyof Methods<P>]: WrappedMethod<P[M & keyof P]> };

type WrappedMethod<M> =
  Extract<M, Method> extends (question: infer Q, context: ProviderContext) => infer A
    ? ((question: Q) => Promise<Awaited<A>>) | Extract<M, undefined>
    : never;
