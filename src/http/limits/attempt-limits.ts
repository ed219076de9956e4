import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Request, Response } from "express";
import { ipKeyGenerator } from "express-rate-limit";
import type { Config } from "../../config/config.ts";
import {
  ConflictError,
  ShopError,
  TooManyRequestsError,
  UnavailableError,
} from "../../core/errors.ts";
import type { Reply } from "../routing/reply.ts";
import type { Route, RouteRequest } from "../routing/route.ts";
import { type AttemptCounter, attemptCounter, type Count } from "./attempt-counter.ts";
import type { LimitSetting } from "./limit-reports.ts";
import { type Counters, isWithin, networksOf } from "./rate-limiter.ts";

/**
 * Runs the handler of a route. If the route limits attempts, they are counted first.
 * @throws TooManyRequestsError a limit is exceeded
 */
export type LimitAttempts = (
  attempt: {
    readonly route: Route;
    readonly request: RouteRequest<string, Route["query"], Route["body"]>;
    readonly req: Request;
    readonly res: Response;
  },
  handler: () => Promise<Reply>,
) => Promise<Reply>;

/** Returns the e-mail by which a customer owns an account, in lower case. */
export type EmailOf = (customerId: string) => Promise<string | undefined>;

const WINDOW_SECONDS = 15 * 60;
/** The prefix length by which IPv6 addresses are counted together: one customer's network. */
const IPV6_PREFIX = 56;
/** How many attempts a further address has at a subject that is under attack. */
const MIN_ATTEMPTS_UNDER_ATTACK = 3;
/** The longest pause before an attempt at a subject that is under attack, in seconds. */
const MAX_PAUSE_SECONDS = 4;

/** How many attempts there may be, and the setting that says so. */
interface Bound {
  readonly limit: number;
  readonly setting: LimitSetting;
}

const BY_ACCOUNT = "RATE_LIMIT_ATTEMPTS_BY_ACCOUNT";

/** One counter that an attempt has passed. */
interface Passed {
  readonly counter: AttemptCounter;
  readonly key: string;
}

/** An attempt at a subject, and where it comes from. */
interface SubjectAttempt {
  /** The name of the kind of attempt. */
  readonly name: string;
  /** The subject's hash. */
  readonly subject: string;
  /** The client's address, or the customer whose own account it is. */
  readonly source: string;
  readonly isOwner: boolean;
  readonly isTrusted: boolean;
  readonly max: number | undefined;
}

/**
 * Returns the function that limits attempts at what could be guessed or flooded, per quarter of an
 * hour:
 *
 * - strictly for each subject (an account, an e-mail, a cart) from each address;
 * - loosely for each address, since a storefront that renders on its server sends all its shoppers'
 *   requests from one address;
 * - for a subject from all addresses together by slowing down alone: beyond its bound each address
 *   has fewer attempts and each attempt waits. A refusal would let a stranger lock the owner out.
 *
 * A logged-in customer's attempts at their own account are counted for themselves, whatever others
 * do from the same address. An attempt that succeeds is not counted, unless the route says so.
 */
export function attemptLimits(
  config: Config["rateLimit"],
  counters: Counters,
  emailOf: EmailOf,
): LimitAttempts {
  if (!config.enabled) return (_attempt, handler) => handler();
  const trusted = networksOf(config.trusted);
  const counterOf = cachedCounters(counters);

  return async ({ route: { attempts }, request, req, res }, handler) => {
    if (!attempts || attempts.when?.(request) === false) return handler();
    const counts = new Counts(config, counterOf, res, ({ setting, limit }) =>
      counters.reportLimited({
        ...{ address: req.ip ?? "", setting, limit },
        ...{ request: req.id, attempt: attempts.name },
      }),
    );
    const subject = attempts.of?.(request);
    const owner = attempts.countsOwner
      ? undefined
      : await ownerOf(subject, request.ctx.customerId, emailOf);
    const isTrusted = isWithin(trusted, req.ip);
    const address = ipKeyGenerator(req.ip ?? "", IPV6_PREFIX);
    if (!owner && !isTrusted) await counts.countAddress(address);
    if (subject !== undefined)
      await counts.countSubject({
        ...{ name: attempts.name, max: attempts.max, isTrusted },
        ...{ subject: hashed(subject), source: owner ?? address, isOwner: owner !== undefined },
      });
    return countFailures(handler, attempts.countsAll ? undefined : () => counts.takeBack());
  };
}

/** The counters that one request passes. */
class Counts {
  readonly #passed: Passed[] = [];

  constructor(
    private readonly config: Config["rateLimit"],
    private readonly counterOf: (name: string) => AttemptCounter,
    private readonly res: Response,
    private readonly report: (refused: Bound) => void,
  ) {}

  /** @throws TooManyRequestsError the address has no attempts left */
  async countAddress(address: string): Promise<void> {
    const counted = await this.#count("address", address);
    const { attemptsByAddress: limit } = this.config;
    this.#mustBeWithin({ limit, setting: "RATE_LIMIT_ATTEMPTS_BY_ADDRESS" }, counted);
  }

  /**
   * Waits where the subject is under attack.
   * @throws TooManyRequestsError the source has no attempts left at the subject
   */
  async countSubject(attempt: SubjectAttempt): Promise<void> {
    const { name, subject, source, isOwner, isTrusted, max } = attempt;
    const { byPair, bySubject, underAttack } = boundsOf(max, this.config);
    const pair = await this.#count(`${name}:pair`, `${subject}:${source}`);
    const limit = isTrusted ? bySubject : byPair;
    this.#mustBeWithin({ limit, setting: isTrusted ? BY_ACCOUNT : "RATE_LIMIT_ATTEMPTS" }, pair);
    if (isOwner) return;
    const { hits } = await this.#count(name, subject);
    if (hits <= bySubject) return;
    const fewer = Math.min(byPair, underAttack);
    if (!isTrusted) this.#mustBeWithin({ limit: fewer, setting: BY_ACCOUNT }, pair);
    await sleep(1000 * pauseSeconds(hits, bySubject));
  }

  /** Takes back what was counted. */
  async takeBack(): Promise<void> {
    await Promise.all(this.#passed.map(({ counter, key }) => counter.decrement(key)));
  }

  /**
   * Sets the `RateLimit` headers.
   * @throws TooManyRequestsError the limit is exceeded
   */
  #mustBeWithin(bound: Bound, { hits, resetIn }: Count): void {
    const { limit } = bound;
    const remaining = Math.max(0, limit - hits);
    this.res.set("RateLimit-Policy", `${limit};w=${WINDOW_SECONDS}`);
    this.res.set("RateLimit", `limit=${limit}, remaining=${remaining}, reset=${resetIn}`);
    if (hits <= limit) return;
    this.res.set("Retry-After", String(resetIn));
    this.report(bound);
    throw new TooManyRequestsError();
  }

  #count(name: string, key: string): Promise<Count> {
    const counter = this.counterOf(name);
    this.#passed.push({ counter, key });
    return counter.increment(key);
  }
}

/** Returns a function that creates each counter once. */
function cachedCounters(counters: Counters): (name: string) => AttemptCounter {
  const known = new Map<string, AttemptCounter>();
  return (name) => {
    const counter = known.get(name) ?? attemptCounter(`attempts:${name}`, WINDOW_SECONDS, counters);
    known.set(name, counter);
    return counter;
  };
}

/** Returns the limits of a subject: from one address, from all, and from one while under attack. */
function boundsOf(max: number | undefined, config: Config["rateLimit"]) {
  const byPair = Math.min(max ?? config.attempts, config.attempts);
  return {
    byPair,
    bySubject: Math.max(byPair, Math.ceil((config.attemptsByAccount * byPair) / config.attempts)),
    underAttack: Math.max(MIN_ATTEMPTS_UNDER_ATTACK, Math.ceil(byPair / 4)),
  };
}

function pauseSeconds(hits: number, bound: number): number {
  return Math.min(MAX_PAUSE_SECONDS, Math.ceil((hits - bound) / bound));
}

/** Returns a key for the logged-in customer if the subject is their own account. */
async function ownerOf(
  subject: string | undefined,
  customerId: string | undefined,
  emailOf: EmailOf,
): Promise<string | undefined> {
  if (subject === undefined || customerId === undefined) return undefined;
  const isOwn = subject === customerId || subject === (await emailOf(customerId));
  return isOwn ? `customer ${customerId}` : undefined;
}

/** Hashes a subject, so that Redis holds no e-mails and codes. */
function hashed(subject: string): string {
  return createHash("sha256").update(subject).digest("base64url");
}

/** Runs the handler and calls `takeBack` if the attempt was not refused for what it contained. */
async function countFailures(
  handler: () => Promise<Reply>,
  takeBack: (() => Promise<unknown>) | undefined,
): Promise<Reply> {
  if (!takeBack) return handler();
  try {
    const reply = await handler();
    if (reply.status < 400) await takeBack();
    return reply;
  } catch (error) {
    if (!isRefusal(error)) await takeBack();
    throw error;
  }
}

function isRefusal(error: unknown): boolean {
  return (
    error instanceof ShopError &&
    !(error instanceof UnavailableError || error instanceof ConflictError)
  );
}
