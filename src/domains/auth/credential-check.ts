import type { Knex } from "knex";
import type { Credential } from "../../core/request-context.ts";
import { findPasswordChange } from "./auth-queries.ts";
import { isCurrent } from "./credential-rules.ts";

/**
 * Returns a function that checks, by one small read, whether a session or token is still valid: a
 * change of the password ends those issued before it.
 */
export function credentialCheck(database: Knex): (credential: Credential) => Promise<boolean> {
  return async (credential) =>
    isCurrent(credential, await findPasswordChange(database, credential.customerId));
}
