declare module "newman" {
  /** The part of a run's summary that the tests use. */
  interface Run {
    readonly run: {
      readonly stats: {
        readonly requests: { readonly total: number };
        readonly assertions: { readonly total: number };
      };
      readonly failures: readonly {
        readonly source?: { readonly name?: string };
        readonly error: { readonly message: string };
      }[];
    };
  }
  interface Options {
    readonly collection: unknown;
    readonly folder?: readonly string[];
    readonly envVar?: readonly { readonly key: string; readonly value: string }[];
    readonly timeoutRequest?: number;
  }
  export function run(options: Options, done: (error: Error | null, run: Run) => void): void;
}
