import { RefusalError } from "../../refusal-error.ts";

/** The properties of an error of Stripe's library that are read here. */
interface StripeError {
  readonly type?: string;
  readonly code?: string;
  readonly param?: string;
  readonly message?: string;
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Errors that a shopper can do something about. */
const REFUSALS = new Set([
  "amount_too_small",
  "amount_too_large",
  "payment_intent_unexpected_state",
]);

/** Returns the code of an error of Stripe's, such as `resource_missing`. */
export function codeOf(error: unknown): string | undefined {
  return (error as StripeError | undefined)?.code;
}

/**
 * Runs a request of Stripe's. What a shopper can change is a refusal in Stripe's own words.
 * @throws RefusalError
 * @throws what Stripe's library throws otherwise
 */
export async function orRefusal<T>(request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (REFUSALS.has(codeOf(error) ?? "")) throw new RefusalError((error as Error).message);
    throw error;
  }
}

/** Returns whether Stripe does not know a customer, since somebody has deleted them there. */
export function isCustomerMissing(error: unknown): boolean {
  return codeOf(error) === "resource_missing" && (error as StripeError).param === "customer";
}

/**
 * Sends a request under an idempotency key. Stripe repeats its answers to a key for a day, failures
 * of its own included. Such a failure is asked for again, under another key: the request must be
 * one that may be fulfilled twice.
 * @throws what Stripe's library throws
 */
export async function sendOnce<T>(
  key: string,
  send: (options: { idempotencyKey: string }) => Promise<T>,
): Promise<T> {
  try {
    return await send({ idempotencyKey: key });
  } catch (error) {
    const { statusCode = 0, headers } = error as StripeError;
    const isRepeated = statusCode >= 500 && headers?.["idempotent-replayed"] === "true";
    if (!isRepeated) throw error;
    return send({ idempotencyKey: `${key}:again` });
  }
}
