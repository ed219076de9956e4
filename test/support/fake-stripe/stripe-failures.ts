import type { Operation } from "./stripe-operations.ts";

/** How Stripe misbehaves at an operation. */
export interface StripeFailure {
  readonly operation: Operation["name"];
  /**
   * - `error` answers 500 and does nothing.
   * - `stored_error` is the same, and the idempotency key goes on answering 500.
   * - `error_after_work` does the work and answers 500, now and for the same idempotency key.
   * - `rate_limit` answers 429 and does nothing.
   * - `drop_response` does the work and closes the connection.
   * - `timeout` never answers and does nothing.
   * - `slow` waits for `milliseconds` first.
   * - `slow_response` waits after the work.
   */
  readonly kind:
    | "error"
    | "stored_error"
    | "error_after_work"
    | "rate_limit"
    | "drop_response"
    | "timeout"
    | "slow"
    | "slow_response";
  /** How many requests it applies to; 1 by default. */
  readonly times?: number;
  /** How many requests are served properly before; 0 by default. */
  readonly after?: number;
  /** How long it waits; 300 by default. */
  readonly milliseconds?: number;
}

/** The failures that are still to happen. */
export class StripeFailures {
  #pending: { -readonly [K in keyof StripeFailure]: StripeFailure[K] }[] = [];

  add(failure: StripeFailure): void {
    this.#pending.push({ ...failure });
  }

  clear(): void {
    this.#pending = [];
  }

  /** Returns the failure of a request, and counts the request. */
  take(operation: Operation["name"]): StripeFailure | undefined {
    const failure = this.#pending.find((one) => one.operation === operation);
    if (!failure) return;
    if (failure.after) {
      failure.after--;
      return;
    }
    failure.times = (failure.times ?? 1) - 1;
    if (failure.times === 0) this.#pending.splice(this.#pending.indexOf(failure), 1);
    return failure;
  }
}
