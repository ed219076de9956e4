import { setTimeout as sleep } from "node:timers/promises";
import { NotAllowedError } from "../core/errors.ts";
import { ProviderError, type ProviderErrorCode } from "./provider-error.ts";
import type { Provider, ProviderKind, WrappedProvider } from "./provider-kind.ts";

/**
 * The provider with every method guarded: its answer is waited for `seconds` at most and checked,
 * and it gets a copy of the question. Methods throw ProviderFailure (no answer, or none that can be
 * used) or NotAllowed (the provider refuses, in its own words).
 */
export function wrapProvider<P extends Provider>(
  kind: ProviderKind<P>,
  provider: P,
  seconds: number,
): WrappedProvider<P> {
  const wrapped: Record<string, unknown> = {
    id: provider.id,
    pure: provider.pure ?? false,
    kind: kind.name,
  };
  for (const name of Object.keys(kind.methods)) {
    const method: unknown = Reflect.get(provider, name);
    const { answer } = kind.methods[name as keyof typeof kind.methods];
    if (typeof method !== "function") continue;
    const errorOf = (code: ProviderErrorCode, cause: unknown) =>
      new ProviderError(kind.name, provider.id, code, cause);
    wrapped[name] = async (question: unknown) => {
      const rawAnswer = await callWithTimeout(
        (signal) => method.call(provider, structuredClone(question), { signal }),
        seconds,
        errorOf,
      );
      const checked = answer(question as never).safeParse(rawAnswer);
      if (checked.error) throw errorOf("provider_nonsense", checked.error);
      return checked.data;
    };
  }
  return wrapped as WrappedProvider<P>;
}

/** What was answered, as JSON knows it. */
async function callWithTimeout(
  callMethod: (signal: AbortSignal) => unknown,
  seconds: number,
  errorOf: (code: ProviderErrorCode, cause: unknown) => Error,
): Promise<unknown> {
  const limit = new AbortController();
  const answered = new AbortController();
  try {
    const late = sleep(seconds * 1000, undefined, { signal: answered.signal, ref: false }).then(
      () => {
        limit.abort();
        throw errorOf("provider_timeout", undefined);
      },
    );
    const rawAnswer = await Promise.race([(async () => callMethod(limit.signal))(), late]);
    return rawAnswer === undefined ? undefined : asJson(rawAnswer, errorOf);
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    if ((error as Error | undefined)?.name === "Refusal")
      throw new NotAllowedError((error as Error).message);
    throw errorOf("provider_failed", error);
  } finally {
    answered.abort();
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
