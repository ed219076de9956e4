import type { Credential } from "../../core/request-context.ts";

/** The last change of a customer's password. */
export interface PasswordChange {
  /** How often it has been changed. */
  readonly version: number;
  readonly changed_at: string;
  /** Stands for the token that made the change, which goes on. */
  readonly spared_token: string | null;
}

/**
 * Whether a session or token is still good after the last change of password. Ours say which
 * password they were given out for. A Medusa's do not: a token of its must be younger than the
 * change, by the whole seconds that it knows; a session of its has no age, so it ends.
 */
export function isCurrent(credential: Credential, change: PasswordChange | undefined): boolean {
  if (!change) return true;
  const { passwordVersion, issuedAt, tokenFingerprint: tokenPrint } = credential;
  if (tokenPrint !== undefined && tokenPrint === change.spared_token) return true;
  if (passwordVersion !== undefined) return passwordVersion === change.version;
  return issuedAt !== undefined && issuedAt > Math.floor(Date.parse(change.changed_at) / 1000);
}
