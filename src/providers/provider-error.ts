import { UnavailableError } from "../core/errors.ts";

/**
 * Why a provider's answer is unusable: it did not arrive in time, was an error, or breaks the
 * interface.
 */
export type ProviderErrorCode = "provider_timeout" | "provider_failed" | "provider_nonsense";

const REASONS: Readonly<Record<ProviderErrorCode, string>> = {
  provider_timeout: "did not answer in time",
  provider_failed: "is not available at the moment",
  provider_nonsense: "returned an invalid answer",
};

/**
 * A provider failed, and nothing of the request takes effect. 503, so that clients repeat the
 * request; by then the provider may already have done the work. The provider's own error is the
 * `cause`, for the log only.
 */
export class ProviderError extends UnavailableError {
  constructor(kind: string, id: string, code: ProviderErrorCode, cause: unknown) {
    super(`The ${kind} provider ${id} ${REASONS[code]}. Try again shortly.`, code);
    this.cause = cause;
  }
}
