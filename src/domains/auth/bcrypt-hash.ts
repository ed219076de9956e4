import { createHmac } from "node:crypto";
import bcrypt from "bcrypt";

/** bcrypt reads no further than this. */
const MAX_BYTES = 72;

/** Whether a stored hash is of this form. */
export const isBcryptHash = (hash: string): boolean => /^\$2[aby]\$\d\d\$/.test(hash);

/** The cost that a stored bcrypt hash was made with. */
export const costOfBcryptHash = (hash: string): number => Number(hash.slice(4, 6));

/** The hash to store for a password; `cost` is the binary logarithm of the work. */
export function bcryptHash(password: string, cost: number): Promise<string> {
  return bcrypt.hash(bcryptInput(password), cost);
}

/** Whether a password is the one of a stored hash. */
export function fitsBcryptHash(password: string, hash: string): Promise<boolean> {
  return bcrypt.compare(bcryptInput(password), hash);
}

/**
 * A password of which bcrypt would drop a part stands for itself by a digest, so that every
 * character counts.
 */
function bcryptInput(password: string): string {
  const isShort = Buffer.byteLength(password) <= MAX_BYTES && !password.includes("\0");
  return isShort
    ? password
    : createHmac("sha256", "nettle password").update(password).digest("base64");
}
