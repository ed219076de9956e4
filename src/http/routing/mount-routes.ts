import type { IRouter, Request, RequestHandler, Response } from "express";
import type { Config } from "../../config/config.ts";
import { InvalidDataError, NotFoundError, UnauthorizedError } from "../../core/errors.ts";
import type { Credential, RequestContext } from "../../core/request-context.ts";
import { type CatalogueReads, readCatalogue } from "../catalogue/read-catalogue.ts";
import type { IdempotencyKeys } from "../idempotency/idempotency-keys.ts";
import type { LimitAttempts } from "../limits/attempt-limits.ts";
import type { FollowedPictures } from "../server/followed-pictures.ts";
import { rawRequest } from "../server/raw-bodies.ts";
import type { TrustProxy } from "../server/reached-address.ts";
import { type Authentication, authenticate } from "../sessions/authenticate.ts";
import { browserSession } from "../sessions/sessions.ts";
import { mustBeReadable } from "../validation/must-be-readable.ts";
import { type BodyBounds, mustBeWithinBounds } from "../validation/must-be-within-bounds.ts";
import { splitSingles } from "../validation/query-string.ts";
import { validate } from "../validation/validate.ts";
import { clientAddress } from "./client-address.ts";
import { isFromStorefront } from "./is-from-storefront.ts";
import { Reply } from "./reply.ts";
import type { AnswerIds, Route, RouteRequest } from "./route.ts";

/** Checks an answer before it is sent; may throw. */
export type AnswerCheck = (route: Route, status: number, body: unknown) => void;

/** What every request passes before its route's handler. */
interface Gate {
  readonly authentication: Authentication;
  readonly limitAttempts: LimitAttempts;
  readonly idempotencyKeys: IdempotencyKeys;
  readonly onAnswer?: AnswerCheck | undefined;
  readonly catalogue: CatalogueReads;
}

/**
 * Mounts the endpoints on a router that has already read sessions and bodies. What is mounted
 * later must refuse unknown endpoints.
 */
export function mountRoutes(
  router: IRouter,
  routes: readonly Route[],
  config: Config,
  gate: Gate,
): void {
  for (const route of routes.toSorted(fixedFirst)) {
    router[verb(route)](route.path, async (req, res) => {
      res.locals["route"] = route.path;
      const credential =
        route.access === "server" ? undefined : await authenticate(req, gate.authentication);
      const ctx = contextOf(req, res, config, credential);
      if (route.access === "customer" && !ctx.customerId) throw new UnauthorizedError();
      const request = readRequest(route, req, ctx, config.bounds);
      const run = async (ctx: RequestContext) => replyOf(await route.handler({ ...request, ctx }));
      if (route.catalogue) {
        const read = async (asked: typeof request) => {
          const reply = replyOf(await route.handler(asked));
          gate.onAnswer?.(route, reply.status, reply.body);
          return reply;
        };
        const refused = await readCatalogue(
          { route, request, req, res },
          read,
          config,
          gate.catalogue,
        );
        if (refused) send(req, res, refused, gate.catalogue.pictures);
        return;
      }
      const { showAgain } = route;
      const handler = {
        run,
        showAgain: showAgain && (async (ids: AnswerIds) => replyOf(await showAgain(request, ids))),
      };
      const reply = await gate.limitAttempts({ route, request, req, res }, () =>
        route.idempotent ? gate.idempotencyKeys.runOnce(route, req, res, ctx, handler) : run(ctx),
      );
      gate.onAnswer?.(route, reply.status, reply.body);
      send(req, res, reply, gate.catalogue.pictures);
    });
  }
}

/** Refuses requests without a login, below paths where even unknown endpoints require one. */
export function customersOnly(authentication: Authentication): RequestHandler {
  return async (req, _res, next) => {
    if (!(await authenticate(req, authentication))) throw new UnauthorizedError();
    next();
  };
}

/** Refuses a request to an unknown endpoint with 404. */
export const unknownRoute: RequestHandler = (req) => {
  throw new NotFoundError(`There is no ${req.method} ${req.baseUrl}${req.path}`);
};

/**
 * Sorts `/store/products/search` before `/store/products/:id`, in whatever order they are declared;
 * `~` sorts behind letters.
 */
function fixedFirst(one: Route, other: Route): number {
  const key = (route: Route) => route.path.replaceAll(/:\w+/g, "~");
  return key(one) < key(other) ? -1 : 1;
}

function verb(route: Route): "get" | "post" | "delete" {
  return route.method.toLowerCase() as "get" | "post" | "delete";
}

function contextOf(
  req: Request,
  res: Response,
  config: Config,
  credential: Credential | undefined,
): RequestContext {
  return {
    now: new Date(),
    requestId: req.id,
    customerId: credential?.customerId,
    credential,
    isFromStorefront: isFromStorefront(req.headers, config.storeOrigins),
    publishableKey: req.get("x-publishable-api-key"),
    client: { ip: clientAddress(req), userAgent: req.get("user-agent") },
    session: browserSession(req, res, config),
  };
}

/** @throws InvalidDataError if a parameter, the query or the body is not valid */
function readRequest(
  route: Route,
  req: Request,
  ctx: RequestContext,
  bounds: BodyBounds,
): RouteRequest<string, Route["query"], Route["body"]> {
  const params = req.params as Record<string, string>;
  const query = route.query ? splitSingles(req.query) : undefined;
  const body: unknown = route.body ? (req.body ?? {}) : undefined;
  mustBeReadable([params, query, body]);
  mustBeWithinBounds(body, bounds);
  if (Array.isArray(body))
    throw new InvalidDataError("an unknown value was passed to the validate function");
  return {
    params,
    query: route.query ? validate(route.query, query) : undefined,
    body: route.body ? validate(route.body, body) : undefined,
    raw: route.access === "server" ? rawRequest(req) : undefined,
    ctx,
  };
}

function replyOf(answer: unknown): Reply {
  return answer instanceof Reply ? answer : new Reply(200, answer);
}

function send(
  req: Request,
  res: Response,
  reply: Reply,
  pictures: FollowedPictures | undefined,
): void {
  // Only the shopper's own browser may cache the answer, and must revalidate it each time.
  res.set("Cache-Control", "private, no-cache");
  res.status(reply.status).set(reply.headers);
  if (reply.body === undefined) res.end();
  else if (typeof reply.body === "string") res.type("text/plain").send(reply.body);
  else if (pictures) res.type("json").send(withPictures(pictures, req, reply.body));
  else res.json(reply.body);
}

function withPictures(pictures: FollowedPictures, req: Request, body: unknown): string {
  const address = pictures.addressFor(req, req.app.get("trust proxy fn") as TrustProxy);
  return pictures.at(address, JSON.stringify(body));
}
