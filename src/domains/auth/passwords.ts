import { availableParallelism } from "node:os";
import { limitConcurrency } from "../../concurrency/limit-concurrency.ts";
import { bcryptHash, costOfBcryptHash, fitsBcryptHash, isBcryptHash } from "./bcrypt-hash.ts";
import { fitsScryptHash, isScryptHash, isStrongScryptHash, scryptHash } from "./scrypt-hash.ts";

/** How new passwords are stored: `scrypt` is the form that Medusa reads. */
export type PasswordForm = "bcrypt" | "scrypt";

/** What came of a password that was tried. */
export interface PasswordCheck {
  readonly fits: boolean;
  /**
   * The hash to store instead: the password was right, and stored in a form that is no longer
   * written.
   */
  readonly upgradedHash?: string;
}

/**
 * Hashing keeps a processor busy: one is left for everything else, and many logins at once wait for
 * each other.
 */
const HASHING_LIMITS = {
  running: Math.min(4, Math.max(1, availableParallelism() - 1)),
  waiting: 200,
};

/** Hashes passwords and tries them. Every trial costs about one hash, whoever it is for and whatever comes of it, so that its time tells nothing.
 * Where two hundred wait already, whoever comes next is told to try again (Unavailable). */
export class Passwords {
  readonly #limit = limitConcurrency(HASHING_LIMITS);
  #cachedForm: Promise<PasswordForm> | undefined;

  /** `cost` is bcrypt's, `form` finds out how new passwords are stored; it is asked once. */
  constructor(
    private readonly cost: number,
    private readonly form: () => Promise<PasswordForm>,
  ) {}

  /** The hash to store for a new password. */
  async hash(password: string): Promise<string> {
    const form = await this.#form();
    return this.#limit(() =>
      form === "scrypt" ? scryptHash(password) : bcryptHash(password, this.cost),
    );
  }

  /**
   * Tries a password on a stored hash; on none when nobody has that account. Anything but text fits
   * nothing.
   */
  async verify(password: unknown, hash: string | null | undefined): Promise<PasswordCheck> {
    const text = typeof password === "string" ? password : "";
    if (!hash || text !== password) return this.#hashAndReject(text);
    if (isBcryptHash(hash) && costOfBcryptHash(hash) >= this.cost)
      return this.#check(() => fitsBcryptHash(text, hash));
    if (isStrongScryptHash(hash) && (await this.#form()) === "scrypt")
      return this.#check(() => fitsScryptHash(text, hash));
    const fits = await this.#limit(() => fitsHash(text, hash));
    const upgradedHash = await this.hash(text);
    return fits && (await this.#upgrades()) ? { fits, upgradedHash } : { fits };
  }

  async #check(fits: () => Promise<boolean>): Promise<PasswordCheck> {
    return { fits: await this.#limit(fits) };
  }

  async #hashAndReject(password: string): Promise<PasswordCheck> {
    await this.hash(password);
    return { fits: false };
  }

  /** Hashes stay as they are while Medusa may come back to read them. */
  async #upgrades(): Promise<boolean> {
    return (await this.#form()) === "bcrypt";
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
