import type { ZodType, z } from "zod";
import type { RequestContext } from "../../core/request-context.ts";
import type { Documented } from "../validation/query-fields.ts";

export type Method = "GET" | "POST" | "DELETE";
type Access = "anyone" | "customer" | "server";
type Address = `${Method} /${string}`;

/** The names of the `:parameters` in an address. */
type ParameterNames<A extends string> = A extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParameterNames<Rest>
  : A extends `${string}:${infer Name}`
    ? Name
    : never;

type Parsed<S extends ZodType | undefined> = S extends ZodType ? z.output<S> : undefined;

/**
 * What another server sent, as it came: names in lower case, the body as text, for its signature.
 */
export interface RawRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RouteRequest<
  A extends string,
  Q extends ZodType | undefined,
  B extends ZodType | undefined,
> {
  readonly params: Readonly<Record<ParameterNames<A>, string>>;
  readonly query: Parsed<Q>;
  readonly body: Parsed<B>;
  /** On routes that a server calls. */
  readonly raw: RawRequest | undefined;
  readonly ctx: RequestContext;
}

/** What is counted together, beside all attempts from one address. */
export interface Attempts<
  A extends string,
  Q extends ZodType | undefined,
  B extends ZodType | undefined,
> {
  /** Routes with one name are counted together. */
  readonly name: string;
  /** What is tried: an account's e-mail, a customer's id. Left out, only addresses are counted. */
  readonly of?: (request: RouteRequest<A, Q, B>) => string;
  /** Fewer than the setting's, where each one costs more. */
  readonly max?: number;
}

/** What is stored under a key that the server issued. */
type IssuedKeys = "answer" | "reference";

/** The ids of what an answer showed, by its properties: `{ cart: { id } }`. */
export type AnswerIds = Readonly<Record<string, { readonly id: string }>>;

interface Declaration<
  A extends string,
  Q extends ZodType | undefined,
  B extends ZodType | undefined,
> {
  /** One line for the API document. */
  readonly summary: string;
  readonly description?: string;
  /**
   * `customer` asks for a login, after the body is parsed and before it is validated; `server` is
   * another company's: no session, and a raw body.
   */
  readonly access: Access;
  /** What the address's parameters are, for the API document. */
  readonly params?: Readonly<Record<ParameterNames<A>, Documented>>;
  /**
   * What the query string may hold. A route without one reads no query parameters and ignores those
   * sent, as Medusa does.
   */
  readonly query?: Q;
  /** What the body may hold. A route without one ignores the body. */
  readonly body?: B;
  /** Limits how often something that could be guessed or flooded is tried. */
  readonly attempts?: Attempts<A, Q, B>;
  /**
   * A catalogue read: the same for all who share its context, so it has an ETag and may be kept.
   */
  readonly catalogue?: boolean;
  /** The publishable key in `x-publishable-api-key` counts. */
  readonly publishableKey?: boolean;
  /**
   * A write whose answer is kept under the caller's Idempotency-Key; its work answers by
   * `answerOnce`.
   */
  readonly idempotent?: boolean;
  /**
   * Such a write that also gives a key to callers who sent none, in the headers, as Medusa does on
   * some.
   */
  readonly issuesIdempotencyKey?: boolean;
  /**
   * What is stored under a key that the server issued: the answer, or only ids, from which
   * `showAgain` shows it. Default: nothing, where a repeat does no harm.
   */
  readonly issuedKeys?: IssuedKeys;
  /** A write by its method alone. Its answer is stored under no key. */
  readonly changesNothing?: boolean;
  /** Shows what the request has become, for a repeat whose answer was too large to be stored. */
  readonly showAgain?: (request: RouteRequest<A, Q, B>, ids: AnswerIds) => unknown;
  /**
   * Status → schema of the body. What `work` returns must fit the first of them; tests check that
   * it does.
   */
  readonly answers: Readonly<Record<number, ZodType>>;
  /** Does the work; what it returns is sent as JSON with status 200, unless it is a `Reply`. */
  readonly handler: (request: RouteRequest<A, Q, B>) => unknown;
}

/** One endpoint: the only source of its validation, its documentation and its response contract. */
export interface Route {
  readonly method: Method;
  /** `/store/regions/:id` */
  readonly path: string;
  readonly summary: string;
  readonly description: string | undefined;
  readonly access: Access;
  readonly params: Readonly<Record<string, Documented>>;
  readonly query: ZodType | undefined;
  readonly body: ZodType | undefined;
  readonly attempts: Attempts<string, ZodType | undefined, ZodType | undefined> | undefined;
  readonly catalogue: boolean;
  readonly publishableKey: boolean;
  readonly idempotent: boolean;
  readonly issuesIdempotencyKey: boolean;
  readonly issuedKeys: IssuedKeys | undefined;
  readonly changesNothing: boolean;
  readonly showAgain:
    | ((
        request: RouteRequest<string, ZodType | undefined, ZodType | undefined>,
        ids: AnswerIds,
      ) => unknown)
    | undefined;
  readonly answers: Readonly<Record<number, ZodType>>;
  readonly handler: (
    request: RouteRequest<string, ZodType | undefined, ZodType | undefined>,
  ) => unknown;
}

/**
 * Declares an endpoint: `route("GET /store/regions/:id", { … })`. The types of `params`, `query`
 * and `body` that `work` gets are those of the address and the schemas.
 */
export function route<
  A extends Address,
  Q extends ZodType | undefined = undefined,
  B extends ZodType | undefined = undefined,
>(address: A, declaration: Declaration<A, Q, B>): Route {
  const [method, path] = address.split(" ") as [Method, string];
  return {
    method,
    path,
    summary: declaration.summary,
    description: declaration.description,
    access: declaration.access,
    params: declaration.params ?? {},
    query: declaration.query,
    body: declaration.body,
    attempts: declaration.attempts as Route["attempts"],
    catalogue: declaration.catalogue ?? false,
    publishableKey: declaration.publishableKey ?? false,
    idempotent: declaration.idempotent ?? declaration.issuesIdempotencyKey ?? false,
    issuesIdempotencyKey: declaration.issuesIdempotencyKey ?? false,
    issuedKeys: declaration.issuedKeys,
    changesNothing: declaration.changesNothing ?? false,
    showAgain: declaration.showAgain as Route["showAgain"],
    answers: declaration.answers,
    handler: declaration.handler as Route["handler"],
  };
}
