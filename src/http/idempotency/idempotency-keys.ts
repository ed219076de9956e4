import { createHash, randomUUID } from "node:crypto";
import type { Request, Response } from "express";
import type { Knex } from "knex";
import { serializeByKey } from "../../concurrency/serialize-by-key.ts";
import { ConflictError, IdempotencyKeyReusedError, InvalidDataError } from "../../core/errors.ts";
import type { RequestContext, RequestIdempotency } from "../../core/request-context.ts";
import { Reply, TransientReply } from "../routing/reply.ts";
import type { Route } from "../routing/route.ts";
import {
  findStoredAnswer,
  type KeyedRequest,
  lockIdempotencyKey,
  type StoredAnswer,
  storeAnswer,
} from "./stored-answers.ts";

/** Longer ones are nobody's. */
const MAX_KEY_LENGTH = 255;

type Handler = (ctx: RequestContext) => Promise<Reply>;

/** Ends work that another process has finished meanwhile: not a failure, its reply is sent. */
class AlreadyAnsweredError extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super("Another process has answered this request");
    this.reply = reply;
  }
}

/**
 * Honours `Idempotency-Key`: a key is bound to its request (route, parameters, query, body,
 * customer), and asking again under it gives the kept answer. Only success is kept: what was
 * refused has changed nothing and may be asked again, corrected or not. Answers are in Medusa's own
 * table, so keys that a Medusa gave out bring its answers back, and the reverse.
 */
export class IdempotencyKeys {
  readonly #knex: Knex;
  readonly #hours: number;

  /** `hours` is how long an answer is kept. */
  constructor(knex: Knex, hours: number) {
    this.#knex = knex;
    this.#hours = hours;
  }

  /**
   * Does the work, or gives the reply that is kept under the request's key. Repeats wait for the
   * first, inside this process before they take a connection.
   * @throws KeyReused the key belongs to another request · Conflict a Medusa is in the middle of
   * this request · InvalidData no such key
   */
  async runOnce(
    route: Route,
    req: Request,
    res: Response,
    ctx: RequestContext,
    handler: Handler,
  ): Promise<Reply> {
    const clientKey = keyOf(req);
    const key = clientKey ?? (route.issuesIdempotencyKey ? randomUUID() : undefined);
    if (route.issuesIdempotencyKey)
      res.set({ "Access-Control-Expose-Headers": "Idempotency-Key", "Idempotency-Key": key });
    if (key === undefined) return handler(ctx);
    const { method, path } = req;
    const request = {
      key,
      method,
      path,
      params: req.params as KeyedRequest["params"],
      fingerprint: fingerprintOf(route, req, ctx),
    };
    // Nobody else can know a key that was made up just now.
    if (clientKey === undefined) return this.#answer(request, ctx, handler, async () => undefined);
    return serializeByKey(`key ${key}`, () => this.#replay(request, ctx, handler));
  }

  async #replay(request: KeyedRequest, ctx: RequestContext, handler: Handler): Promise<Reply> {
    const stored = await findStoredAnswer(this.#knex, request.key, this.#hours);
    const lock = async (trx: Knex.Transaction) => {
      const reply = replyUnder(request, await lockIdempotencyKey(trx, request, this.#hours));
      if (reply) throw new AlreadyAnsweredError(reply);
    };
    return (stored && replyUnder(request, stored)) ?? this.#answer(request, ctx, handler, lock);
  }

  async #answer(
    request: KeyedRequest,
    ctx: RequestContext,
    handler: Handler,
    lock: RequestIdempotency["lock"],
  ): Promise<Reply> {
    let stored: { body: unknown } | undefined;
    const idempotency = {
      key: request.key,
      lock,
      store: async (trx: Knex.Transaction, body: unknown, repeated: unknown) => {
        await storeAnswer(trx, request, 200, repeated);
        stored = { body };
      },
    };
    try {
      const reply = await handler({ ...ctx, idempotency });
      if (reply instanceof TransientReply) return reply;
      if (!stored && reply.status < 300)
        await storeAnswer(this.#knex, request, reply.status, reply.body);
      if (stored && (reply.status !== 200 || reply.body !== stored.body))
        throw new Error("The answer sent is not the stored answer");
      return reply;
    } catch (error) {
      if (error instanceof AlreadyAnsweredError) return error.reply;
      throw error;
    }
  }
}

/** @throws InvalidData */
function keyOf(req: Request): string | undefined {
  const key = req.get("Idempotency-Key")?.trim();
  if (key && key.length > MAX_KEY_LENGTH)
    throw new InvalidDataError(
      `Idempotency-Key must not be longer than ${MAX_KEY_LENGTH} characters`,
    );
  return key || undefined;
}

/** Stands for everything that makes two requests the same. */
function fingerprintOf(route: Route, req: Request, ctx: RequestContext): string {
  const { method, path } = route;
  const [query, body] = [route.query ? req.query : {}, route.body ? (req.body ?? {}) : {}];
  const request = [
    method,
    path,
    sorted(req.params),
    sorted(query),
    sorted(body),
    ctx.customerId ?? null,
  ];
  return createHash("sha256").update(JSON.stringify(request)).digest("base64url");
}

/** Objects with their keys in one order: the order in which a client wrote them says nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => [key, sorted(part)] as const);
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/**
 * The reply to a request by what is kept under its key; undefined when the work is still to be
 * done.
 * @throws KeyReused · Conflict
 */
function replyUnder(request: KeyedRequest, stored: StoredAnswer): Reply | undefined {
  if (!stored.current) return;
  if (
    stored.fingerprint === null
      ? !isSameMedusaRequest(request, stored)
      : stored.fingerprint !== request.fingerprint
  ) {
    throw new IdempotencyKeyReusedError(
      "This Idempotency-Key was used for another request. Send a new key with each new request",
    );
  }
  if (stored.recovery_point === "finished" && stored.response_code !== null)
    return new Reply(stored.response_code, stored.response_body);
  // A Medusa that has begun but saved nothing leaves all to be done; between its steps only it
  // knows what is left.
  if (stored.recovery_point !== "started")
    throw new ConflictError(
      "The request with this Idempotency-Key is not finished. Try again shortly",
    );
}

/**
 * Whether a Medusa kept this row for the same request: its rows name the method and the path below
 * the section, and neither body nor customer.
 */
function isSameMedusaRequest(
  { method, path }: KeyedRequest,
  { request_method, request_path, response_body }: StoredAnswer,
): boolean {
  const [, , section = "", ...rest] = path.split("/");
  if (request_method !== method || request_path !== `/${rest.join("/")}`) return false;
  // Below `/store/swaps` and `/store/returns` the path alone does not say which.
  return (
    request_path !== "/" ||
    response_body === null ||
    Object.hasOwn(response_body as object, section.replace(/s$/, ""))
  );
}
