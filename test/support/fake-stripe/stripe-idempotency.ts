import { apiError, idempotencyError, keyInUse, StripeApiError } from "./stripe-api-error.ts";
import type { StripeFailure } from "./stripe-failures.ts";

/** An answer of Stripe's API. */
export interface StripeAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface StoredAnswer {
  readonly request: string;
  /** Undefined while the first request is still served. */
  answer: StripeAnswer | undefined;
}

/**
 * The answers that Stripe keeps by idempotency key. Whatever an operation answers is kept, errors
 * included, but for parameters that are refused before the operation runs.
 */
export class StripeIdempotency {
  readonly #stored = new Map<string, StoredAnswer>();

  /** Forgets all keys, as Stripe does after a day. */
  forget(): void {
    this.#stored.clear();
  }

  /** Returns the answer to a request, the one that is kept where its key was used before. */
  async answer(
    { key, request }: { readonly key: string | undefined; readonly request: string },
    failure: StripeFailure | undefined,
    run: () => Promise<unknown>,
  ): Promise<StripeAnswer> {
    const earlier = key === undefined ? undefined : this.#stored.get(key);
    if (earlier && earlier.request !== request) return idempotencyError(key!);
    if (earlier && !earlier.answer) return keyInUse(key!);
    if (earlier?.answer)
      return { ...earlier.answer, headers: { "idempotent-replayed": "true", ...NOT_AGAIN } };
    const stored: StoredAnswer = { request, answer: undefined };
    if (key !== undefined) this.#stored.set(key, stored);
    const { isKept, ...answer } = await answerOf(failure, run);
    if (isKept) stored.answer = answer;
    else if (key !== undefined) this.#stored.delete(key);
    return answer;
  }
}

/** Stripe asks its libraries not to repeat what would be answered in the same way. */
const NOT_AGAIN = { "stripe-should-retry": "false" };

async function answerOf(
  failure: StripeFailure | undefined,
  run: () => Promise<unknown>,
): Promise<StripeAnswer & { readonly isKept: boolean }> {
  const outOfOrder = { status: 500, body: apiError("api_error", "Out of order") };
  if (failure?.kind === "stored_error") return { ...outOfOrder, headers: NOT_AGAIN, isKept: true };
  try {
    // The object goes on changing: the answer is what it was.
    const body: unknown = structuredClone(await run());
    if (failure?.kind === "error_after_work")
      return { ...outOfOrder, headers: NOT_AGAIN, isKept: true };
    return { status: 200, body, isKept: true };
  } catch (error) {
    if (!(error instanceof StripeApiError)) throw error;
    return { status: error.status, body: { error: error.body }, isKept: !error.isOfParameters };
  }
}
