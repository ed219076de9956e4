import type { Credential } from "../../core/request-context.ts";

/** The last change of a customer's password. */
export interface PasswordChange {
  /** How often the password has been changed. */
  readonly version: number;
  readonly changed_at: string;
  /** The fingerprint of the token whose request changed the password; it stays valid. */
  readonly spared_token: string | null;
}

/**
 * Returns whether a session or token is still valid after the last change of the password. Our
 * credentials record the password version that they were issued for. Medusa's do not: its tokens
 * must have been issued after the change, in whole seconds; its sessions have no time of issue, so
 * they end.
 */
export function isCurrent(credential: Credential, change: PasswordChange | undefined): boolean {
  if (!change) return true;
  const { passwordVersion, issuedAt, tokenFingerprint } = credential;
  if (tokenFingerprint !== undefined && tokenFingerprint === change.spared_token) return true;
  if (passwordVersion !== undefined) return passwordVersion === change.version;
  return issuedAt !== undefined && issuedAt > Math.floor(Date.parse(change.changed_at) / 1000);
}
