import { createHash, randomUUID } from "node:crypto";
import type { Request, Response } from "express";
import type { Knex } from "knex";
import { stringify } from "safe-stable-stringify";
import { serializeByKey } from "../../concurrency/serialize-by-key.ts";
import { ConflictError, IdempotencyKeyReusedError, InvalidDataError } from "../../core/errors.ts";
import type { RequestContext, RequestIdempotency } from "../../core/request-context.ts";
import { Reply, TransientReply } from "../routing/reply.ts";
import type { AnswerIds, Route } from "../routing/route.ts";
import type { HourlyAllowance } from "./hourly-allowance.ts";
import {
  type AnswerToStore,
  findStoredAnswer,
  type KeyedRequest,
  lockIdempotencyKey,
  type StoredAnswer,
  storeAnswer,
} from "./stored-answers.ts";

/** In characters; no client needs a longer key. */
const MAX_KEY_LENGTH = 255;

/** Does the work of a request, or shows again what it has become. */
export interface Handler {
  readonly run: (ctx: RequestContext) => Promise<Reply>;
  /** Undefined where the route shows nothing again. */
  readonly showAgain: ((ids: AnswerIds) => Promise<Reply>) | undefined;
}

/** How much is stored. */
export interface StorageBounds {
  /** Of one answer, in bytes. A larger one is stored as a reference. */
  readonly answerBytes: number;
  /** For one client's address in an hour. */
  readonly allowance: HourlyAllowance;
}

/** What a row takes beside its answer, roughly, in bytes. */
const ROW_BYTES = 500;

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
 * in Medusa's own table, so each server returns the answers that the other one stored. What is
 * stored has bounds: beyond them only ids are, from which a repeat shows the present state.
 */
export class IdempotencyKeys {
  constructor(
    private readonly knex: Knex,
    /** How long an answer is stored. */
    private readonly hours: number,
    private readonly bounds: StorageBounds,
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
    if (key === undefined || !storesAnswer(route, clientKey)) return handler.run(ctx);
    const { method, path } = req;
    const request = {
      key,
      method,
      path,
      params: req.params as KeyedRequest["params"],
      fingerprint: fingerprintOf(route, req, ctx),
    };
    if (clientKey !== undefined)
      return serializeByKey(`key ${key}`, () => this.#replay(request, ctx, handler));
    // No other request can carry a key that was generated just now.
    return this.#answer(request, ctx, handler, async () => undefined);
  }

  async #replay(request: KeyedRequest, ctx: RequestContext, handler: Handler): Promise<Reply> {
    const stored = await findStoredAnswer(this.knex, request.key, this.hours);
    const lock = async (trx: Knex.Transaction) => {
      const reply = replyUnder(request, await lockIdempotencyKey(trx, request, this.hours));
      if (reply) throw new AlreadyAnsweredError(reply);
    };
    const reply = stored && replyUnder(request, stored);
    return reply ? resolved(reply, handler) : this.#answer(request, ctx, handler, lock);
  }

  async #answer(
    request: KeyedRequest,
    ctx: RequestContext,
    handler: Handler,
    lock: RequestIdempotency["lock"],
  ): Promise<Reply> {
    let stored: { body: unknown } | undefined;
    let isLeftUnstored = false;
    const toStore = (status: number, body: unknown) => this.#bounded(ctx, status, body);
    const idempotency = {
      key: request.key,
      lock,
      store: async (trx: Knex.Transaction, body: unknown, repeated: unknown) => {
        await storeAnswer(trx, request, toStore(200, repeated));
        stored = { body };
      },
      leaveUnstored: () => {
        isLeftUnstored = true;
      },
    };
    try {
      const reply = await handler.run({ ...ctx, idempotency });
      if (reply instanceof TransientReply || isLeftUnstored) return reply;
      if (!stored && reply.status < 300)
        await storeAnswer(this.knex, request, toStore(reply.status, reply.body));
      if (stored && (reply.status !== 200 || reply.body !== stored.body))
        throw new Error("The answer sent is not the stored answer");
      return reply;
    } catch (error) {
      if (error instanceof AlreadyAnsweredError) return resolved(error.reply, handler);
      throw error;
    }
  }

  /** Returns the answer to store, or a reference to it where it is too much. */
  #bounded({ client }: RequestContext, status: number, body: unknown): AnswerToStore {
    const text = JSON.stringify(body ?? null);
    const size = Buffer.byteLength(text);
    const isStored =
      size <= this.bounds.answerBytes && this.bounds.allowance.take(client.ip, size + ROW_BYTES);
    return isStored ? { status, body: text, isReference: false } : reference(status, body);
  }
}

/** Returns whether anything is stored: nothing under an issued key, unless the route says so. */
function storesAnswer(route: Route, clientKey: string | undefined): boolean {
  return !route.changesNothing && (clientKey !== undefined || route.storesIssuedKeys);
}

/** Returns a stored answer of ids alone. */
function reference(status: number, body: unknown): AnswerToStore {
  const ids = Object.entries(Object(body))
    .filter(([, value]) => typeof Object(value).id === "string")
    .map(([name, value]) => [name, { id: Object(value).id }]);
  return { status, body: JSON.stringify(Object.fromEntries(ids)), isReference: true };
}

/** The ids of a stored answer, which has to be shown again. */
class ReferenceReply extends Reply {}

/**
 * Returns a stored reply as it is sent.
 * @throws ConflictError it is a reference, and the route shows nothing again
 */
async function resolved(reply: Reply, { showAgain }: Handler): Promise<Reply> {
  if (!(reply instanceof ReferenceReply)) return reply;
  if (showAgain) return showAgain(reply.body as AnswerIds);
  throw new ConflictError(
    "The request with this Idempotency-Key is done. Its answer was too large to be stored",
  );
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
  if (stored.recovery_point === "finished" && stored.response_code !== null) {
    const { response_code, response_body, is_reference } = stored;
    return new (is_reference ? ReferenceReply : Reply)(response_code, response_body);
  }
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
