import { setTimeout as sleep } from "node:timers/promises";
import { NotAllowed } from "../errors.ts";
import { ProviderFailure, type ProviderFault } from "./provider-failure.ts";
import type { Guarded, Method, Provider, ProviderKind } from "./provider-kind.ts";

/**
 * The provider with every method guarded: its answer is waited for `seconds` at most and checked, and it gets a copy of the question.
 * Methods throw ProviderFailure (no answer, or none that can be used) or NotAllowed (the provider refuses, in its own words).
 */
export function guardProvider<P extends Provider>(kind: ProviderKind<P>, provider: P, seconds: number): Guarded<P> {
  const guarded: Record<string, unknown> = { id: provider.id, pure: provider.pure ?? false, kind: kind.name };
  for (const name of Object.keys(kind.methods)) {
    const method = (provider as unknown as Record<string, Method | undefined>)[name];
    const { answer } = kind.methods[name as keyof typeof kind.methods];
    if (!method) continue;
    const fail = (fault: ProviderFault, cause: unknown) => new ProviderFailure(kind.name, provider.id, fault, cause);
    guarded[name] = async (question: unknown) => {
      const given = await answerOf(
        (signal) => method.call(provider, structuredClone(question) as never, { signal }),
        seconds,
        fail,
      );
      const checked = answer(question as never).safeParse(given);
      if (checked.error) throw fail("provider_nonsense", checked.error);
      return checked.data;
    };
  }
  return guarded as Guarded<P>;
}

/** What was answered, as JSON knows it. */
async function answerOf(
  ask: (signal: AbortSignal) => unknown,
  seconds: number,
  fail: (fault: ProviderFault, cause: unknown) => Error,
): Promise<unknown> {
  const limit = new AbortController();
  const answered = new AbortController();
  try {
    const late = sleep(seconds * 1000, undefined, { signal: answered.signal, ref: false }).then(() => {
      limit.abort();
      throw fail("provider_timeout", undefined);
    });
    const given = await Promise.race([(async () => ask(limit.signal))(), late]);
    return given === undefined ? undefined : asJson(given, fail);
  } catch (error) {
    if (error instanceof ProviderFailure) throw error;
    if ((error as Error | undefined)?.name === "Refusal") throw new NotAllowed((error as Error).message);
    throw fail("provider_failed", error);
  } finally {
    answered.abort();
  }
}

function asJson(given: unknown, fail: (fault: ProviderFault, cause: unknown) => Error): unknown {
  try {
    return JSON.parse(JSON.stringify(given) ?? "null");
  } catch (error) {
    throw fail("provider_nonsense", error);
  }
}
