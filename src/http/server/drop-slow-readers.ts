import type { Server, ServerResponse } from "node:http";

/** How much may wait for clients that read slowly. */
export interface UnreadBounds {
  /** How long a client may take to read an answer. */
  readonly seconds: number;
  /** Of all answers together, in bytes. */
  readonly bytes: number;
}

const CHECK_INTERVAL_MS = 500;

/**
 * Cuts off clients that do not read their answers: those that take too long, and, while too many
 * bytes wait in all, those that wait longest. An answer stays in memory until it is read.
 */
export function dropSlowReaders(server: Server, { seconds, bytes }: UnreadBounds): void {
  /** Answers that are complete but not read, and since when; the oldest first. */
  const unread = new Map<ServerResponse, number>();
  const forget = function (this: ServerResponse) {
    unread.delete(this);
  };
  const watch = function (this: ServerResponse) {
    // Most answers are smaller than what the system takes at once.
    if (this.writableLength === 0) return;
    unread.set(this, Date.now());
    // It happens once, and follows "finish" at once.
    this.on("close", forget);
  };
  server.prependListener("request", (_, res: ServerResponse) => res.on("prefinish", watch));
  const check = () => {
    let waiting = 0;
    for (const res of unread.keys()) waiting += res.writableLength;
    for (const [res, since] of unread) {
      if (waiting <= bytes && Date.now() - since < seconds * 1000) return;
      waiting -= res.writableLength;
      unread.delete(res);
      res.destroy();
    }
  };
  const timer = setInterval(check, CHECK_INTERVAL_MS).unref();
  server.once("close", () => clearInterval(timer));
}
