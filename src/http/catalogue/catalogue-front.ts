import type { ClientRequest, IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Express, Request, Response } from "express";
import { LRUCache } from "lru-cache";
import type { CatalogueMemory } from "../../catalogue-memory/catalogue-memory.ts";
import type { KeptBody, SentForm } from "../../catalogue-memory/kept-body.ts";
import type { Config } from "../../config/config.ts";
import type { Route } from "../routing/route.ts";
import type { FollowedPictures } from "../server/followed-pictures.ts";
import type { Metrics } from "../server/metrics.ts";
import type { TrustProxy } from "../server/reached-address.ts";
import type { LogRequest } from "../server/request-lines.ts";
import { requestIdOf } from "../server/request-log.ts";
import { AddressCount } from "./address-count.ts";
import { type AskedCatalogue, askedCatalogue, type SessionCookie } from "./asked-catalogue.ts";
import { aliasFor, kindFor } from "./request-kind.ts";
import type { LookUpShopper, Shopper } from "./shopper.ts";

/** Headers that differ from answer to answer; Node adds the last three itself. */
const OF_ONE_ANSWER = new Set(["set-cookie", "date", "connection", "keep-alive"]);
/** Sessions that Express has renewed lately. */
const MAX_SESSIONS = 10_000;
/** A session is renewed by the first request after so long, or after a part of its life. */
const MAX_SESSION_AGE_SECONDS = 300;
const PART_OF_SESSION = 20;

/** What the answers from memory need of the server. */
export interface FrontDeps {
  readonly memory: CatalogueMemory;
  readonly config: Config;
  readonly routes: readonly Route[];
  readonly lookUp: LookUpShopper;
  readonly logRequest: LogRequest;
  readonly metrics: Metrics | undefined;
  /** Set in the demo shop. */
  readonly pictures?: FollowedPictures | undefined;
}

/** A catalogue answer that Express has sent, and for whom. */
export interface SentByExpress {
  readonly kept: KeptBody;
  readonly cartId: unknown;
  readonly isLoggedIn: boolean;
  readonly shopper: Shopper;
}

/**
 * Answers catalogue reads in front of Express, in the very form in which Express answered the same
 * kind of request before. Whatever it does not know goes to Express.
 */
export class CatalogueFront {
  readonly addresses: AddressCount;
  readonly #cookie: SessionCookie;
  readonly #freshSessions: LRUCache<string, true>;
  readonly #isCatalogue: RegExp;

  constructor(private readonly deps: FrontDeps) {
    const { config, routes } = deps;
    this.addresses = new AddressCount(config.rateLimit);
    this.#cookie = { name: config.session.cookieName, secrets: config.secrets.cookie };
    const seconds = Math.min(MAX_SESSION_AGE_SECONDS, config.session.seconds / PART_OF_SESSION);
    this.#freshSessions = new LRUCache({ max: MAX_SESSIONS, ttl: Math.ceil(seconds * 1000) });
    const patterns = routes
      .filter(({ catalogue }) => catalogue)
      .map(({ path }) => path.replaceAll(/:\w+/g, "[^/?]+"));
    this.#isCatalogue = new RegExp(`^(?:${patterns.join("|")})(?:\\?|$)`);
  }

  /** Returns the listener that asks the memory first. */
  inFrontOf(app: Express): RequestListener {
    const trustProxy = app.get("trust proxy fn") as TrustProxy;
    return (req, res) => {
      const start = performance.now();
      const asked = askedCatalogue(req, this.#cookie);
      if (!asked) return app(req, res);
      const { cartId, sessionId, token } = asked;
      if (cartId === undefined && sessionId === undefined && token === undefined) {
        if (!this.#answer({ req, res, start, trustProxy }, asked, undefined)) app(req, res);
        return;
      }
      if (!this.#isCatalogue.test(asked.url) || !this.deps.memory.isCurrent) return app(req, res);
      if (sessionId !== undefined && !this.#freshSessions.has(sessionId)) return app(req, res);
      this.deps.lookUp(asked).then(
        (shopper) => {
          if (!shopper || !this.#answer({ req, res, start, trustProxy }, asked, shopper))
            app(req, res);
        },
        () => app(req, res),
      );
    };
  }

  /** Remembers how Express has answered a request, for others of its kind. */
  remember(req: Request, res: Response, sent: SentByExpress): void {
    const asked = askedCatalogue(
      { method: req.method, url: req.originalUrl, headers: req.headers },
      this.#cookie,
    );
    if (!asked || (res.statusCode !== 200 && res.statusCode !== 304)) return;
    if (asked.sessionId !== undefined && res.hasHeader("set-cookie"))
      this.#freshSessions.set(asked.sessionId, true);
    // Express may have read a cart or a login that stands there in another form than ours.
    if (sent.cartId !== asked.cartId) return;
    if (sent.isLoggedIn && asked.sessionId === undefined && asked.token === undefined) return;
    const { kept, shopper } = sent;
    const isCounted = res.hasHeader("ratelimit");
    const kind = kindFor(req, asked, kept, this.deps.config, isCounted);
    if (kind === undefined) return;
    const trustProxy = req.app.get("trust proxy fn") as TrustProxy;
    const alias = aliasFor(asked, shopper, this.deps.pictures?.addressFor(req, trustProxy));
    void formOf(req, res, kept, this.deps.config).then((form) =>
      this.deps.memory.remember(kept, alias, kind, form),
    );
  }

  /** Answers from memory, and returns whether it did. */
  #answer(exchange: Exchange, asked: AskedCatalogue, shopper: Shopper | undefined): boolean {
    const { req, trustProxy } = exchange;
    const address = this.deps.pictures?.addressFor(req, trustProxy);
    const kept = this.deps.memory.byAlias(aliasFor(asked, shopper, address));
    if (!kept) return false;
    const limit = this.addresses.count(req, trustProxy);
    if (limit === undefined) return false;
    const kind = kindFor(req, asked, kept, this.deps.config, limit !== "");
    const form = kind === undefined ? undefined : kept.forms.get(kind);
    if (form) this.#send(exchange, kept.route, form, limit);
    else this.addresses.takeBack(req, trustProxy);
    return form !== undefined;
  }

  #send(
    { req, res, start }: Exchange,
    route: string,
    { status, headers, bytes, idAt, limitAt }: SentForm,
    limit: string,
  ): void {
    const { memory, metrics, logRequest } = this.deps;
    memory.counts.hits++;
    const id = requestIdOf(req);
    const { method = "" } = req;
    const report = (isSent: boolean) => {
      const ms = Math.round(performance.now() - start);
      metrics?.record({ method, route, status }, ms / 1000);
      logRequest({ request: id, method, route, status, ms, isSent });
    };
    // Written out before another request can change them.
    headers[idAt] = id;
    if (limitAt >= 0) headers[limitAt] = limit;
    res.writeHead(status, headers);
    res.end(bytes);
    // Where the system has taken all of it, nothing is left to wait for.
    if (res.writableLength === 0) report(true);
    else res.on("close", () => report(res.writableFinished));
  }
}

interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly start: number;
  readonly trustProxy: TrustProxy;
}

/** Returns an answer that was sent, without what belongs to it alone. */
async function formOf(
  req: Request,
  res: Response,
  { body }: KeptBody,
  { compression }: Config,
): Promise<SentForm> {
  const headers: string[] = [];
  const placeOf = (wanted: string) =>
    headers.findIndex((name, at) => at % 2 === 0 && name.toLowerCase() === wanted) + 1 || -1;
  for (const name of rawHeaderNames(res))
    if (!OF_ONE_ANSWER.has(name.toLowerCase())) headers.push(name, String(res.getHeader(name)));
  const { statusCode: status } = res;
  const encoding = res.getHeader("content-encoding") as "br" | "gzip" | undefined;
  const isEmpty = status === 304 || req.method === "HEAD";
  const whole = encoding ? body.encoded(encoding, compression.level) : body.bytes;
  const bytes = isEmpty ? undefined : await whole;
  return { status, headers, bytes, idAt: placeOf("x-request-id"), limitAt: placeOf("ratelimit") };
}

/** Returns the names of an answer's headers as they were sent; Node's types know it elsewhere. */
function rawHeaderNames(res: Response): string[] {
  return (res as unknown as Pick<ClientRequest, "getRawHeaderNames">).getRawHeaderNames();
}
