import { setTimeout as sleep } from "node:timers/promises";
import { NotAllowedError } from "../core/errors.ts";
import type { ObserveCall, ProviderCall } from "./provider-calls.ts";
import { ProviderError, type ProviderErrorCode } from "./provider-error.ts";
import type { Provider, ProviderKind, WrappedProvider } from "./provider-kind.ts";

/**
 * Returns a provider whose answers are awaited for at most `seconds`, or less if a call says so,
 * and checked against the kind's schemas. Its methods receive a copy of the question. They throw
 * ProviderError (no answer, or an invalid one) or NotAllowedError (a refusal, in the provider's own
 * words). `observe` hears of each call of a provider that is not pure.
 */
export function wrapProvider<P extends Provider>(
  kind: ProviderKind<P>,
  provider: P,
  seconds: number,
  observe?: ObserveCall,
): WrappedProvider<P> {
  const wrapped: Record<string, unknown> = {
    id: provider.id,
    pure: provider.pure ?? false,
    reservedCustomerKeys: provider.reservedCustomerKeys ?? [],
    kind: kind.name,
  };
  for (const name of Object.keys(kind.methods)) {
    const method: unknown = Reflect.get(provider, name);
    const { answer } = kind.methods[name as keyof typeof kind.methods];
    if (typeof method !== "function") continue;
    const errorOf = (code: ProviderErrorCode, cause: unknown) =>
      new ProviderError(kind.name, provider.id, code, cause);
    const call = async (question: unknown, limit = seconds) => {
      const rawAnswer = await callWithTimeout(
        (signal) => method.call(provider, structuredClone(question), { signal }),
        Math.min(limit, seconds),
        errorOf,
      );
      const checked = answer(question as never).safeParse(rawAnswer);
      if (checked.error) throw errorOf("provider_nonsense", checked.error);
      return checked.data;
    };
    const about = { kind: kind.name, provider: provider.id, method: name };
    wrapped[name] = observe && !provider.pure ? observed(call, about, observe) : call;
  }
  return wrapped as WrappedProvider<P>;
}

type Method = (question: unknown, limit?: number) => Promise<unknown>;

/** Returns a call that reports how it ended. */
function observed(
  call: Method,
  about: Pick<ProviderCall, "kind" | "provider" | "method">,
  observe: ObserveCall,
): Method {
  return async (question, limit) => {
    const start = performance.now();
    const report = (outcome: string) =>
      observe({ ...about, ms: Math.round(performance.now() - start), outcome });
    try {
      const answer = await call(question, limit);
      report("answered");
      return answer;
    } catch (error) {
      report((error instanceof ProviderError && error.code) || "refused");
      throw error;
    }
  };
}

/** Returns the answer after a round trip through JSON, as the database will store it. */
async function callWithTimeout(
  callMethod: (signal: AbortSignal) => unknown,
  seconds: number,
  errorOf: (code: ProviderErrorCode, cause: unknown) => Error,
): Promise<unknown> {
  const timeout = new AbortController();
  const settled = new AbortController();
  try {
    const timedOut = sleep(seconds * 1000, undefined, { signal: settled.signal, ref: false }).then(
      () => {
        timeout.abort();
        throw errorOf("provider_timeout", undefined);
      },
    );
    const rawAnswer = await Promise.race([(async () => callMethod(timeout.signal))(), timedOut]);
    return rawAnswer === undefined ? undefined : asJson(rawAnswer, errorOf);
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    if ((error as Error | undefined)?.name === "Refusal")
      throw new NotAllowedError((error as Error).message);
    throw errorOf("provider_failed", error);
  } finally {
    settled.abort();
  }
}

function asJson(
  rawAnswer: unknown,
  errorOf: (code: ProviderErrorCode, cause: unknown) => Error,
): unknown {
  try {
    return JSON.parse(JSON.stringify(rawAnswer) ?? "null");
  } catch (error) {
    throw errorOf("provider_nonsense", error);
  }
}
