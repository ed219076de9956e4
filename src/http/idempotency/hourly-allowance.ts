import { ipKeyGenerator } from "express-rate-limit";
import { LRUCache } from "lru-cache";

const HOUR_MS = 3_600_000;
/** The addresses whose use is remembered. */
const MAX_ADDRESSES = 20_000;

interface Use {
  readonly since: number;
  readonly bytes: number;
}

/** Counts how many bytes are stored for each client's address in an hour, in this process. */
export class HourlyAllowance {
  readonly #uses = new LRUCache<string, Use>({ max: MAX_ADDRESSES });

  constructor(private readonly maxBytes: number) {}

  /** Takes bytes of an address's allowance. Returns false, and takes none, if it is used up. */
  take(address: string | undefined, bytes: number, now = Date.now()): boolean {
    const key = address === undefined ? "" : ipKeyGenerator(address);
    const known = this.#uses.get(key);
    const use = known && now - known.since < HOUR_MS ? known : { since: now, bytes: 0 };
    if (use.bytes + bytes > this.maxBytes) return false;
    this.#uses.set(key, { ...use, bytes: use.bytes + bytes });
    return true;
  }
}
