import type { Knex } from "knex";
import type { Credential } from "../../core/request-context.ts";
import { findLoginState } from "./auth-queries.ts";
import { isCurrent } from "./credential-rules.ts";

/**
 * Returns a function that checks, by one small read, whether a session or token is still valid: the
 * removal of its customer ends it, and a change of the password ends those issued before it.
 */
export function credentialCheck(database: Knex): (credential: Credential) => Promise<boolean> {
  return async (credential) => {
    const { isRemoved, passwordChange } = await findLoginState(database, credential.customerId);
    return !isRemoved && isCurrent(credential, passwordChange);
  };
}
