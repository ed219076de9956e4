import { availableParallelism } from "node:os";
import { limitConcurrency } from "../../concurrency/limit-concurrency.ts";
import { bcryptHash, costOfBcryptHash, fitsBcryptHash, isBcryptHash } from "./bcrypt-hash.ts";
import { fitsScryptHash, isScryptHash, isStrongScryptHash, scryptHash } from "./scrypt-hash.ts";

/** The form in which new passwords are stored. `scrypt` is the form that Medusa reads. */
export type PasswordForm = "bcrypt" | "scrypt";

/** The result of checking a password. */
export interface PasswordCheck {
  readonly fits: boolean;
  /** The hash to store instead, if the password is right but stored in an outdated form. */
  readonly upgradedHash?: string;
}

/**
 * Hashing occupies a processor: one is left for other work, and concurrent logins wait for each
 * other.
 */
const HASHING_LIMITS = {
  running: Math.min(4, Math.max(1, availableParallelism() - 1)),
  waiting: 200,
};

/**
 * Hashes and verifies passwords. Every verification takes about the time of one hash, whatever the
 * account and the result, so that its duration reveals nothing. Its methods throw UnavailableError
 * if too many calls are waiting.
 */
export class Passwords {
  readonly #limit = limitConcurrency(HASHING_LIMITS);
  #cachedForm: Promise<PasswordForm> | undefined;

  /**
   * `cost` is bcrypt's. `form` returns the form in which new passwords are stored; it is called
   * once.
   */
  constructor(
    private readonly cost: number,
    private readonly form: () => Promise<PasswordForm>,
  ) {}

  /** Returns the hash to store for a new password. */
  async hash(password: string): Promise<string> {
    const form = await this.#form();
    return this.#limit(() =>
      form === "scrypt" ? scryptHash(password) : bcryptHash(password, this.cost),
    );
  }

  /**
   * Checks a password against a stored hash, or against none if the account does not exist.
   * Anything but a string matches nothing.
   */
  async verify(password: unknown, hash: string | null | undefined): Promise<PasswordCheck> {
    const text = typeof password === "string" ? password : "";
    if (!hash || text !== password) return this.#hashAndReject(text);
    const form = await this.#form();
    if (form === "bcrypt" && isBcryptHash(hash) && costOfBcryptHash(hash) >= this.cost)
      return this.#check(() => fitsBcryptHash(text, hash));
    if (form === "scrypt" && isStrongScryptHash(hash))
      return this.#check(() => fitsScryptHash(text, hash));
    const fits = await this.#limit(() => fitsHash(text, hash));
    const upgradedHash = await this.hash(text);
    const isReplaced = form === "bcrypt" || isBcryptHash(hash);
    return fits && isReplaced ? { fits, upgradedHash } : { fits };
  }

  async #check(fits: () => Promise<boolean>): Promise<PasswordCheck> {
    return { fits: await this.#limit(fits) };
  }

  async #hashAndReject(password: string): Promise<PasswordCheck> {
    await this.hash(password);
    return { fits: false };
  }

  async #form(): Promise<PasswordForm> {
    this.#cachedForm ??= this.form().catch((error: unknown) => {
      this.#cachedForm = undefined;
      throw error;
    });
    return this.#cachedForm;
  }
}

async function fitsHash(password: string, hash: string): Promise<boolean> {
  if (isScryptHash(hash)) return fitsScryptHash(password, hash);
  return isBcryptHash(hash) && fitsBcryptHash(password, hash);
}
