import type { Request, Response } from "express";
import type { ZodObject, ZodType } from "zod";
import type { CatalogueMemory } from "../../catalogue-memory/catalogue-memory.ts";
import { FinishedBody } from "../../catalogue-memory/finished-body.ts";
import type { Sources } from "../../catalogue-memory/kept-body.ts";
import type { Config } from "../../config/config.ts";
import type { RequestContext } from "../../core/request-context.ts";
import type { Reply } from "../routing/reply.ts";
import type { Route, RouteRequest } from "../routing/route.ts";
import { sendCatalogue } from "../routing/send-catalogue.ts";
import type { FollowedPictures } from "../server/followed-pictures.ts";
import type { TrustProxy } from "../server/reached-address.ts";
import type { CatalogueFront } from "./catalogue-front.ts";
import type { FindShopper, Shopper } from "./shopper.ts";

type Asked = RouteRequest<string, ZodObject | undefined, ZodType | undefined>;
type Query = Readonly<Record<string, unknown>>;

/** What the shop says of catalogue reads. */
export interface CatalogueContext {
  /** Replaces cart and customer by what decides the answer; undefined if the read refuses it. */
  readonly resolve: (
    query: Query,
    ctx: RequestContext,
  ) => Promise<{ query: Query; ctx: RequestContext } | undefined>;
  /** The variants whose stock an answer shows; undefined for any. */
  readonly stockShown: (query: Query, answer: unknown) => ReadonlySet<string> | undefined;
  readonly findShopper: FindShopper;
}

/** Where catalogue reads are kept; without a memory each is read from the database. */
export interface CatalogueReads {
  readonly context: CatalogueContext | undefined;
  readonly memory: CatalogueMemory | undefined;
  readonly front: CatalogueFront | undefined;
  /** Set in the demo shop. */
  readonly pictures?: FollowedPictures | undefined;
}

interface CatalogueRequest {
  readonly route: Route;
  readonly request: Asked;
  readonly req: Request;
  readonly res: Response;
}

/** A reply that is not kept: a refusal, or one with headers of its own. */
class NotKept extends Error {
  constructor(readonly reply: Reply) {
    super("not kept");
  }
}

/** Sends a catalogue answer, from memory if it is there. Returns a reply that is not kept. */
export async function readCatalogue(
  { route, request, req, res }: CatalogueRequest,
  read: (request: Asked) => Promise<Reply>,
  config: Config,
  { context, memory, front, pictures }: CatalogueReads,
): Promise<Reply | undefined> {
  const address = pictures?.addressFor(req, req.app.get("trust proxy fn") as TrustProxy);
  const written = (body: unknown) => {
    const json = JSON.stringify(body);
    return pictures ? pictures.at(address, json) : json;
  };
  const asked = (request.query ?? {}) as Query;
  const resolved = memory ? await context?.resolve(asked, request.ctx) : undefined;
  if (!memory || !context || !resolved) {
    const reply = await read(request);
    if (reply.status !== 200) return reply;
    const body = new FinishedBody(written(reply.body));
    await sendCatalogue(req, res.set(reply.headers), body, config);
    return;
  }
  const key = keyOf(route, request, resolved, address);
  try {
    const kept = await memory.read(key, route.path, async () => {
      const query = route.query ? resolved.query : undefined;
      // The time of the reading, not of the request, which may have waited.
      const ctx = { ...resolved.ctx, now: new Date(), isForMemory: true };
      const reply = await read({ ...request, query, ctx } as Asked);
      if (reply.status !== 200) throw new NotKept(reply);
      return {
        text: written(reply.body),
        sources: sourcesOf(route, context, resolved, reply),
      };
    });
    await sendCatalogue(req, res, kept.body, config);
    front?.remember(req, res, {
      kept,
      cartId: asked["cart_id"],
      isLoggedIn: request.ctx.customerId !== undefined,
      shopper: shopperOf(asked, resolved),
    });
  } catch (error) {
    if (error instanceof NotKept) return error.reply;
    throw error;
  }
}

function sourcesOf(
  { catalogue }: Route,
  { stockShown }: CatalogueContext,
  { query }: { query: Query },
  { body }: Reply,
): Sources {
  const tables = catalogue === true ? undefined : catalogue;
  const showsStock = !tables || tables.has("product_variant");
  return { tables, stockOf: showsStock ? stockShown(query, body) : new Set() };
}

function shopperOf(asked: Query, { query, ctx }: { query: Query; ctx: RequestContext }): Shopper {
  const regionId = asked["cart_id"] === undefined ? undefined : query["region_id"];
  return {
    regionId: typeof regionId === "string" ? regionId : undefined,
    groupIds: ctx.groupIds ?? [],
  };
}

/** The context of a read: what was asked, the publishable key, the groups, the address. */
function keyOf(
  { path }: Route,
  { params }: Asked,
  { query, ctx }: { query: Query; ctx: RequestContext },
  address: string | undefined,
): string {
  const sorted = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([path, params, sorted, ctx.publishableKey, ctx.groupIds, address]);
}
