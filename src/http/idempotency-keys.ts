import { createHash, randomUUID } from "node:crypto";
import type { Request, Response } from "express";
import type { Knex } from "knex";
import type { Call, CallIdempotency } from "../call.ts";
import { inTurn } from "../database/in-turn.ts";
import { Conflict, InvalidData, KeyReused } from "../errors.ts";
import { claimKey, findKeptAnswer, type KeptAnswer, type KeyedRequest, keepAnswer } from "./kept-answers.ts";
import { PassingReply, Reply } from "./reply.ts";
import type { Route } from "./route.ts";

/** Longer ones are nobody's. */
const LONGEST = 255;

type Work = (call: Call) => Promise<Reply>;

/** Ends work that another process has finished meanwhile: not a failure, its reply is sent. */
class AlreadyAnswered extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super("Another process has answered this request");
    this.reply = reply;
  }
}

/**
 * Honours `Idempotency-Key`: a key is bound to its request (route, parameters, query, body, customer), and asking again under it gives the kept
 * answer. Only success is kept: what was refused has changed nothing and may be asked again, corrected or not. Answers are in Medusa's own table,
 * so keys that a Medusa gave out bring its answers back, and the reverse.
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
   * Does the work, or gives the reply that is kept under the request's key. Repeats wait for the first, inside this process before they take a
   * connection.
   * @throws KeyReused the key belongs to another request · Conflict a Medusa is in the middle of this request · InvalidData no such key
   */
  async once(route: Route, req: Request, res: Response, call: Call, work: Work): Promise<Reply> {
    const sent = keyOf(req);
    const key = sent ?? (route.givesKey ? randomUUID() : undefined);
    if (route.givesKey) res.set({ "Access-Control-Expose-Headers": "Idempotency-Key", "Idempotency-Key": key });
    if (key === undefined) return work(call);
    const { method, path } = req;
    const request = { key, method, path, params: req.params as KeyedRequest["params"], print: printOf(route, req, call) };
    // Nobody else can know a key that was made up just now.
    if (sent === undefined) return this.#answer(request, call, work, async () => undefined);
    return inTurn(`key ${key}`, () => this.#replay(request, call, work));
  }

  async #replay(request: KeyedRequest, call: Call, work: Work): Promise<Reply> {
    const kept = await findKeptAnswer(this.#knex, request.key, this.#hours);
    const claim = async (trx: Knex.Transaction) => {
      const reply = replyUnder(request, await claimKey(trx, request, this.#hours));
      if (reply) throw new AlreadyAnswered(reply);
    };
    return (kept && replyUnder(request, kept)) ?? this.#answer(request, call, work, claim);
  }

  async #answer(request: KeyedRequest, call: Call, work: Work, claim: CallIdempotency["claim"]): Promise<Reply> {
    let kept: { body: unknown } | undefined;
    const idempotency = {
      key: request.key,
      claim,
      keep: async (trx: Knex.Transaction, body: unknown, repeated: unknown) => {
        await keepAnswer(trx, request, 200, repeated);
        kept = { body };
      },
    };
    try {
      const reply = await work({ ...call, idempotency });
      if (reply instanceof PassingReply) return reply;
      if (!kept && reply.status < 300) await keepAnswer(this.#knex, request, reply.status, reply.body);
      if (kept && (reply.status !== 200 || reply.body !== kept.body))
        throw new Error("The answer sent is not the one that was kept");
      return reply;
    } catch (error) {
      if (error instanceof AlreadyAnswered) return error.reply;
      throw error;
    }
  }
}

/** @throws InvalidData */
function keyOf(req: Request): string | undefined {
  const key = req.get("Idempotency-Key")?.trim();
  if (key && key.length > LONGEST) throw new InvalidData(`Idempotency-Key must not be longer than ${LONGEST} characters`);
  return key || undefined;
}

/** Stands for everything that makes two requests the same. */
function printOf(route: Route, req: Request, call: Call): string {
  const { method, path } = route;
  const [query, body] = [route.query ? req.query : {}, route.body ? (req.body ?? {}) : {}];
  const request = [method, path, sorted(req.params), sorted(query), sorted(body), call.customerId ?? null];
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
 * The reply to a request by what is kept under its key; undefined when the work is still to be done.
 * @throws KeyReused · Conflict
 */
function replyUnder(request: KeyedRequest, kept: KeptAnswer): Reply | undefined {
  if (!kept.current) return;
  if (kept.print === null ? !isMedusaOf(request, kept) : kept.print !== request.print) {
    throw new KeyReused("This Idempotency-Key was used for another request. Send a new key with each new request");
  }
  if (kept.recovery_point === "finished" && kept.response_code !== null) return new Reply(kept.response_code, kept.response_body);
  // A Medusa that has begun but saved nothing leaves all to be done; between its steps only it knows what is left.
  if (kept.recovery_point !== "started")
    throw new Conflict("The request with this Idempotency-Key is not finished. Try again shortly");
}

/** Whether a Medusa kept this row for the same request: its rows name the method and the path below the section, and neither body nor customer. */
function isMedusaOf({ method, path }: KeyedRequest, { request_method, request_path, response_body }: KeptAnswer): boolean {
  const [, , section = "", ...rest] = path.split("/");
  if (request_method !== method || request_path !== `/${rest.join("/")}`) return false;
  // Below `/store/swaps` and `/store/returns` the path alone does not say which.
  return request_path !== "/" || response_body === null || Object.hasOwn(response_body as object, section.replace(/s$/, ""));
}
