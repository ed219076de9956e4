import { availableParallelism } from "node:os";
import { atMost } from "../../at-most.ts";
import { bcryptHash, costOfBcryptHash, fitsBcryptHash, isBcryptHash } from "./bcrypt-hash.ts";
import { fitsScryptHash, isDearScryptHash, isScryptHash, scryptHash } from "./scrypt-hash.ts";

/** How new passwords are stored: `scrypt` is the form that Medusa reads. */
export type PasswordForm = "bcrypt" | "scrypt";

/** What came of a password that was tried. */
export interface Tried {
  readonly fits: boolean;
  /** The hash to store instead: the password was right, and stored in a form that is no longer written. */
  readonly better?: string;
}

/** Hashing keeps a processor busy: one is left for everything else, and many logins at once wait for each other. */
const HASHES = { running: Math.min(4, Math.max(1, availableParallelism() - 1)), waiting: 200 };

/** Hashes passwords and tries them. Every trial costs about one hash, whoever it is for and whatever comes of it, so that its time tells nothing.
 * Where two hundred wait already, whoever comes next is told to try again (Unavailable). */
export class Passwords {
  readonly #inTurn = atMost(HASHES);
  #known: Promise<PasswordForm> | undefined;

  /** `cost` is bcrypt's, `form` finds out how new passwords are stored; it is asked once. */
  constructor(
    private readonly cost: number,
    private readonly form: () => Promise<PasswordForm>,
  ) {}

  /** The hash to store for a new password. */
  async hash(password: string): Promise<string> {
    const form = await this.#form();
    return this.#inTurn(() => (form === "scrypt" ? scryptHash(password) : bcryptHash(password, this.cost)));
  }

  /** Tries a password on a stored hash; on none when nobody has that account. Anything but text fits nothing. */
  async try(password: unknown, hash: string | null | undefined): Promise<Tried> {
    const text = typeof password === "string" ? password : "";
    if (!hash || text !== password) return this.#inVain(text);
    if (isBcryptHash(hash) && costOfBcryptHash(hash) >= this.cost) return this.#alike(() => fitsBcryptHash(text, hash));
    if (isDearScryptHash(hash) && (await this.#form()) === "scrypt") return this.#alike(() => fitsScryptHash(text, hash));
    const fits = await this.#inTurn(() => fitsHash(text, hash));
    const better = await this.hash(text);
    return fits && (await this.#upgrades()) ? { fits, better } : { fits };
  }

  async #alike(fits: () => Promise<boolean>): Promise<Tried> {
    return { fits: await this.#inTurn(fits) };
  }

  async #inVain(password: string): Promise<Tried> {
    await this.hash(password);
    return { fits: false };
  }

  /** Hashes stay as they are while Medusa may come back to read them. */
  async #upgrades(): Promise<boolean> {
    return (await this.#form()) === "bcrypt";
  }

  async #form(): Promise<PasswordForm> {
    this.#known ??= this.form().catch((error: unknown) => {
      this.#known = undefined;
      throw error;
    });
    return this.#known;
  }
}

async function fitsHash(password: string, hash: string): Promise<boolean> {
  if (isScryptHash(hash)) return fitsScryptHash(password, hash);
  return isBcryptHash(hash) && fitsBcryptHash(password, hash);
}
