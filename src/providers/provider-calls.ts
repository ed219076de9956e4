import type { Log } from "../runtime/log.ts";

/** A call of a provider that asks another service, once it has ended. */
export interface ProviderCall {
  readonly kind: string;
  readonly provider: string;
  readonly method: string;
  readonly ms: number;
  /** `answered`, `refused`, or the code of the failure. */
  readonly outcome: string;
}

export type ObserveCall = (call: ProviderCall) => void;

/** Returns a function that logs calls of providers. Questions and answers are not logged. */
export function logProviderCalls(log: Log): ObserveCall {
  return (call) =>
    log.info(
      { event: "provider_called", ...call },
      `${call.provider}.${call.method}: ${call.outcome} after ${call.ms} ms`,
    );
}
