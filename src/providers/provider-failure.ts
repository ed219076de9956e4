import { Unavailable } from "../errors.ts";

/** What became of a question to a provider: no answer in time, an error, or an answer that breaks the interface. */
export type ProviderFault = "provider_timeout" | "provider_failed" | "provider_nonsense";

const WORDS: Readonly<Record<ProviderFault, string>> = {
  provider_timeout: "did not answer in time",
  provider_failed: "is not available at the moment",
  provider_nonsense: "gave an answer that cannot be used",
};

/**
 * A provider did not do its part; nothing of the request stands. 503, so that clients ask again, and by then the provider may have done what it
 * was asked. What it really said is the `cause`, for the log alone.
 */
export class ProviderFailure extends Unavailable {
  constructor(kind: string, id: string, fault: ProviderFault, cause: unknown) {
    super(`The ${kind} provider ${id} ${WORDS[fault]}. Try again shortly.`, fault);
    this.cause = cause;
  }
}
