import { UnavailableError } from "../core/errors.ts";

/**
 * What became of a question to a provider: no answer in time, an error, or an answer that breaks
 * the interface.
 */
export type ProviderErrorCode = "provider_timeout" | "provider_failed" | "provider_nonsense";

const WORDS: Readonly<Record<ProviderErrorCode, string>> = {
  provider_timeout: "did not answer in time",
  provider_failed: "is not available at the moment",
  provider_nonsense: "gave an answer that cannot be used",
};

/**
 * A provider did not do its part; nothing of the request stands. 503, so that clients ask again,
 * and by then the provider may have done what it was asked. What it really said is the `cause`, for
 * the log alone.
 */
export class ProviderError extends UnavailableError {
  constructor(kind: string, id: string, fault: ProviderErrorCode, cause: unknown) {
    super(`The ${kind} provider ${id} ${WORDS[fault]}. Try again shortly.`, fault);
    this.cause = cause;
  }
}
