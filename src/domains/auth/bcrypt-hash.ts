import { createHmac } from "node:crypto";
import bcrypt from "bcrypt";

/** bcrypt ignores everything beyond this length. */
const MAX_BYTES = 72;

/** Returns whether a stored hash has this form. */
export const isBcryptHash = (hash: string): boolean => /^\$2[aby]\$\d\d\$/.test(hash);

/** Returns the cost with which a stored bcrypt hash was calculated. */
export const costOfBcryptHash = (hash: string): number => Number(hash.slice(4, 6));

/** Returns the hash to store for a password. `cost` is the binary logarithm of the work. */
export function bcryptHash(password: string, cost: number): Promise<string> {
  return bcrypt.hash(bcryptInput(password), cost);
}

/** Returns whether a password matches a stored hash. */
export function fitsBcryptHash(password: string, hash: string): Promise<boolean> {
  return bcrypt.compare(bcryptInput(password), hash);
}

/**
 * Replaces a password that bcrypt would truncate by its digest, so that every character matters.
 */
function bcryptInput(password: string): string {
  const isShort = Buffer.byteLength(password) <= MAX_BYTES && !password.includes("\0");
  return isShort
    ? password
    : createHmac("sha256", "nettle password").update(password).digest("base64");
}
