import type { Knex } from "knex";
import type { Log } from "../../runtime/log.ts";
import { authorizationLeases } from "../payments/attempts/authorization-leases.ts";
import { type Interrupted, recordFailedTry } from "../payments/attempts/lease-queries.ts";
import {
  resumeInterrupted,
  resumeInterruptedOnce,
} from "../payments/attempts/resume-interrupted.ts";
import type { PaymentSessionAuthorizer } from "./payment-session-authorizer.ts";

/**
 * Resumes interrupted authorizations in the background: records what the providers said, without
 * the customer. Returns the function that stops it after the current round.
 */
export function resumeAuthorizations(
  database: Knex,
  authorizer: PaymentSessionAuthorizer,
  log: Log,
): () => Promise<void> {
  return resumeInterrupted(database, authorizationLeases, log, (interrupted) =>
    resumeAuthorization(database, authorizer, log, interrupted),
  );
}

/** Runs one round over the collections that were interrupted at least `graceSeconds` ago. */
export function resumeAuthorizationsOnce(
  database: Knex,
  authorizer: PaymentSessionAuthorizer,
  log: Log,
  graceSeconds: number,
): Promise<void> {
  return resumeInterruptedOnce(database, authorizationLeases, graceSeconds, (interrupted) =>
    resumeAuthorization(database, authorizer, log, interrupted),
  );
}

async function resumeAuthorization(
  database: Knex,
  authorizer: PaymentSessionAuthorizer,
  log: Log,
  { id, provider_id }: Interrupted,
): Promise<void> {
  const about = { payment_collection: id, provider: provider_id };
  try {
    await authorizer.resumeInterrupted(id);
    log.info(
      { event: "authorization_resumed", ...about },
      "An interrupted authorization was finished",
    );
  } catch (error) {
    await recordFailedTry(database, authorizationLeases, id);
    log.warn(
      { event: "authorization_resume_failed", ...about, err: error },
      "An interrupted authorization could not be finished; it will be retried",
    );
  }
}
