import type { PreparedDatabase } from "../prepare-database.ts";

/** What the primary process tells a worker process. */
export type ToWorker =
  | {
      readonly nettle: "serve";
      readonly database: PreparedDatabase;
      readonly isFirst: boolean;
    }
  | { readonly nettle: "stop" };

/** What a worker process tells the primary process. */
export type ToPrimary =
  /** It has loaded the program, and waits to be told to serve. */
  | { readonly nettle: "loaded" }
  | { readonly nettle: "serving"; readonly url: string }
  /** A person can fix why it cannot start. */
  | { readonly nettle: "refused"; readonly reason: string };

/** Returns whether a message is one of ours: libraries send theirs by the same way. */
export function isOurs<M extends ToWorker | ToPrimary>(message: unknown): message is M {
  return typeof message === "object" && message !== null && "nettle" in message;
}
