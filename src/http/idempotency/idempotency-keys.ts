import { createHash, randomUUID } from "node:crypto";
import type { Request, Response } from "express";
import type { Knex } from "knex";
import { stringify } from "safe-stable-stringify";
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

/** In characters; no client needs a longer key. */
const MAX_KEY_LENGTH = 255;

type Handler = (ctx: RequestContext) => Promise<Reply>;

/** Ends the work because another process has finished it meanwhile; its reply is sent. */
class AlreadyAnsweredError extends Error {
  constructor(readonly reply: Reply) {
    super("Another process has answered this request");
  }
}

/**
 * Honours `Idempotency-Key`: a key belongs to one request (route, parameters, query, body,
 * customer), and a repeat of the request returns the stored answer. Only successful answers are
 * stored: a refused request has changed nothing and may be repeated, corrected or not. Answers are
 * in Medusa's own table, so each server returns the answers that the other one stored.
 */
export class IdempotencyKeys {
  constructor(
    private readonly knex: Knex,
    /** How long an answer is stored. */
    private readonly hours: number,
  ) {}

  /**
   * Runs the handler, or returns the reply stored under the request's key. Repeats wait for the
   * first request, within this process before they take a database connection.
   * @throws IdempotencyKeyReusedError the key belongs to another request
   * @throws ConflictError Medusa is processing the request with this key
   * @throws InvalidDataError the key is too long
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
    // No other request can carry a key that was generated just now.
    if (clientKey === undefined) return this.#answer(request, ctx, handler, async () => undefined);
    return serializeByKey(`key ${key}`, () => this.#replay(request, ctx, handler));
  }

  async #replay(request: KeyedRequest, ctx: RequestContext, handler: Handler): Promise<Reply> {
    const stored = await findStoredAnswer(this.knex, request.key, this.hours);
    const lock = async (trx: Knex.Transaction) => {
      const reply = replyUnder(request, await lockIdempotencyKey(trx, request, this.hours));
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
        await storeAnswer(this.knex, request, reply.status, reply.body);
      if (stored && (reply.status !== 200 || reply.body !== stored.body))
        throw new Error("The answer sent is not the stored answer");
      return reply;
    } catch (error) {
      if (error instanceof AlreadyAnsweredError) return error.reply;
      throw error;
    }
  }
}

/** @throws InvalidDataError the key is too long */
function keyOf(req: Request): string | undefined {
  const key = req.get("Idempotency-Key")?.trim();
  if (key && key.length > MAX_KEY_LENGTH)
    throw new InvalidDataError(
      `Idempotency-Key must not be longer than ${MAX_KEY_LENGTH} characters`,
    );
  return key || undefined;
}

/** Returns a hash of everything that makes two requests the same, in any order of keys. */
function fingerprintOf(route: Route, req: Request, ctx: RequestContext): string {
  const { method, path } = route;
  const [query, body] = [route.query ? req.query : {}, route.body ? (req.body ?? {}) : {}];
  const request = [method, path, req.params, query, body, ctx.customerId ?? null];
  return createHash("sha256").update(stringify(request)).digest("base64url");
}

/**
 * Returns the reply that is stored under the request's key; undefined if the work is still to do.
 * @throws IdempotencyKeyReusedError the key belongs to another request
 * @throws ConflictError Medusa is processing the request with this key
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
  // "started" means that Medusa has done nothing yet. Between its later steps only Medusa knows
  // what remains to be done.
  if (stored.recovery_point !== "started")
    throw new ConflictError(
      "The request with this Idempotency-Key is not finished. Try again shortly",
    );
}

/**
 * Returns whether Medusa stored this row for the same request. Its rows name the method and the
 * path below the section, but neither body nor customer.
 */
function isSameMedusaRequest(
  { method, path }: KeyedRequest,
  { request_method, request_path, response_body }: StoredAnswer,
): boolean {
  const [, , section = "", ...rest] = path.split("/");
  if (request_method !== method || request_path !== `/${rest.join("/")}`) return false;
  // The path is "/" for both `/store/swaps` and `/store/returns`: the body tells which it was.
  return (
    request_path !== "/" ||
    response_body === null ||
    Object.hasOwn(response_body as object, section.replace(/s$/, ""))
  );
}
