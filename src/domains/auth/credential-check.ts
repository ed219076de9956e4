import type { Knex } from "knex";
import type { Credential } from "../../core/request-context.ts";
import { findPasswordChange } from "./auth-queries.ts";
import { isCurrent } from "./credential-rules.ts";

/**
 * Tells whether a session or token is still good, by one small read: a change of password ends
 * those given out before.
 */
export function credentialCheck(database: Knex): (credential: Credential) => Promise<boolean> {
  return async (credential) =>
    isCurrent(credential, await findPasswordChange(database, credential.customerId));
}
