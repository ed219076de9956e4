import type { IncomingMessage } from "node:http";
import {
  type ClientRateLimitInfo,
  ipKeyGenerator,
  type Options,
  type Store,
} from "express-rate-limit";
import { LRUCache } from "lru-cache";
import type { Config } from "../../config/config.ts";
import { isWithin, uncountedNetworks } from "../limits/rate-limiter.ts";
import type { TrustProxy } from "../server/reached-address.ts";

const WINDOW_MS = 60_000;
/** Counted at the same time; beyond it the one that has waited longest is forgotten. */
const MAX_ADDRESSES = 100_000;
/** Of the peer and what it says of the client; a longer one is worked out each time. */
const MAX_ROUTE_LENGTH = 200;

interface Counted {
  hits: number;
  /** In milliseconds since 1970. */
  resetAt: number;
}

/**
 * Counts catalogue reads by address in this process. Express's limit counts in the same store where
 * there is no Redis.
 */
export class AddressCount implements Store {
  readonly localKeys = true;
  readonly #counted = new Map<string, Counted>();
  /** The key of what a request came from; undefined for an address that is not counted. */
  readonly #keys = new LRUCache<string, { readonly key: string | undefined }>({ max: 5_000 });
  readonly #uncounted;
  #windowMs = WINDOW_MS;

  constructor(private readonly config: Config["rateLimit"]) {
    this.#uncounted = uncountedNetworks(config);
  }

  init({ windowMs }: Options): void {
    this.#windowMs = windowMs;
  }

  increment(key: string): ClientRateLimitInfo {
    const { hits, resetAt } = this.#hit(key);
    return { totalHits: hits, resetTime: new Date(resetAt) };
  }

  decrement(key: string): void {
    const counted = this.#counted.get(key);
    if (counted && counted.hits > 0) counted.hits--;
  }

  resetKey(key: string): void {
    this.#counted.delete(key);
  }

  /**
   * Counts a request. Returns its `RateLimit` header, "" where nothing is counted, or undefined
   * beyond the limit, without counting.
   */
  count(req: IncomingMessage, trustProxy: TrustProxy): string | undefined {
    if (!this.config.enabled) return "";
    const key = this.#keyOf(req, trustProxy);
    if (key === undefined) return "";
    const limit = this.config.catalogueReadsPerMinute;
    const { hits, resetAt } = this.#hit(key);
    if (hits > limit) return void this.decrement(key);
    const seconds = Math.max(0, Math.ceil((resetAt - Date.now()) / 1000));
    return `limit=${limit}, remaining=${limit - hits}, reset=${seconds}`;
  }

  /** Takes the count of a request back that Express counts as well. */
  takeBack(req: IncomingMessage, trustProxy: TrustProxy): void {
    if (!this.config.enabled) return;
    const key = this.#keyOf(req, trustProxy);
    if (key !== undefined) this.decrement(key);
  }

  #hit(key: string): Counted {
    const now = Date.now();
    const known = this.#counted.get(key);
    if (known && known.resetAt > now) {
      known.hits++;
      return known;
    }
    // At the end of the map, which is in the order of their windows.
    this.#counted.delete(key);
    this.#forgetOld(now);
    const counted = { hits: 1, resetAt: now + this.#windowMs };
    this.#counted.set(key, counted);
    return counted;
  }

  #forgetOld(now: number): void {
    for (const [key, { resetAt }] of this.#counted) {
      if (resetAt > now && this.#counted.size < MAX_ADDRESSES) return;
      this.#counted.delete(key);
    }
  }

  #keyOf(req: IncomingMessage, trustProxy: TrustProxy): string | undefined {
    const peer = req.socket.remoteAddress ?? "";
    const forwarded = req.headers["x-forwarded-for"];
    const route = forwarded === undefined ? peer : `${peer} ${String(forwarded)}`;
    const known = this.#keys.get(route);
    if (known) return known.key;
    const ip = addressOf(peer, forwarded, trustProxy);
    const key = isWithin(this.#uncounted, ip) ? undefined : ipKeyGenerator(ip);
    if (route.length <= MAX_ROUTE_LENGTH) this.#keys.set(route, { key });
    return key;
  }
}

/** As Express's `req.ip`: the last address that no trusted proxy vouches against. */
function addressOf(
  peer: string,
  forwarded: string | string[] | undefined,
  trustProxy: TrustProxy,
): string {
  if (forwarded === undefined) return peer;
  const named = String(forwarded)
    .split(",")
    .map((address) => address.trim())
    .reverse();
  const all = [peer, ...named];
  for (const [hops, address] of all.entries())
    if (hops === all.length - 1 || !trustProxy(address, hops)) return address;
  return peer;
}
