import type { ZodObject, ZodType, z } from "zod";
import type { RequestContext } from "../../core/request-context.ts";
import type { Documented } from "../validation/query-fields.ts";

export type Method = "GET" | "POST" | "DELETE";
type Access = "anyone" | "customer" | "server";
type Address = `${Method} /${string}`;

/** The names of the `:parameters` in a path. */
type ParameterNames<A extends string> = A extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParameterNames<Rest>
  : A extends `${string}:${infer Name}`
    ? Name
    : never;

type Parsed<S extends ZodType | undefined> = S extends ZodType ? z.output<S> : undefined;

/**
 * Another server's request, unparsed, for checking its signature: header names in lower case, the
 * body as text.
 */
export interface RawRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A validated request, as a route's handler receives it. */
export interface RouteRequest<
  A extends string,
  Q extends ZodObject | undefined,
  B extends ZodType | undefined,
> {
  readonly params: Readonly<Record<ParameterNames<A>, string>>;
  readonly query: Parsed<Q>;
  readonly body: Parsed<B>;
  /** Set on routes with `access: "server"`. */
  readonly raw: RawRequest | undefined;
  readonly ctx: RequestContext;
}

/**
 * Which attempts are counted together, in addition to all attempts from one address. Only those
 * that are refused count.
 */
export interface Attempts<
  A extends string,
  Q extends ZodObject | undefined,
  B extends ZodType | undefined,
> {
  /** Routes with the same name are counted together. */
  readonly name: string;
  /**
   * The subject: an account's e-mail, a customer's id, a cart's id. By default, and for undefined,
   * only addresses are counted.
   */
  readonly of?: (request: RouteRequest<A, Q, B>) => string | undefined;
  /** Returns whether a request is an attempt at all; by default each is. */
  readonly when?: (request: RouteRequest<A, Q, B>) => boolean;
  /** Attempts that succeed count, too: they send a mail, or tell something either way. */
  readonly countsAll?: boolean;
  /** The subject is no account: a customer with this e-mail is counted as anyone else is. */
  readonly countsOwner?: boolean;
  /** A lower limit than the setting's, where an attempt is more expensive. */
  readonly max?: number;
}

/** The ids of what an answer showed, by its properties: `{ cart: { id } }`. */
export type AnswerIds = Readonly<Record<string, { readonly id: string }>>;

interface Declaration<
  A extends string,
  Q extends ZodObject | undefined,
  B extends ZodType | undefined,
> {
  /** Title in the API document. */
  readonly summary: string;
  readonly description?: string;
  /**
   * `customer` requires a login, after the body is parsed and before it is validated. `server` is
   * for another company's server: no session, and an unparsed body.
   */
  readonly access: Access;
  /** Descriptions of the path's parameters, for the API document. */
  readonly params?: Readonly<Record<ParameterNames<A>, Documented>>;
  /**
   * Schema of the query string. A route without one reads no query parameters and ignores those
   * sent, as Medusa does.
   */
  readonly query?: Q;
  /** Schema of the body. A route without one ignores the body. */
  readonly body?: B;
  /** Limits attempts at what could be guessed or flooded. */
  readonly attempts?: Attempts<A, Q, B>;
  /**
   * A catalogue read: the same for all clients with the same context, so it may be cached. Names
   * the tables that decide it; `true` stands for all of the catalogue.
   */
  readonly catalogue?: true | readonly string[];
  /** The publishable key in `x-publishable-api-key` has an effect. */
  readonly publishableKey?: boolean;
  /**
   * A write whose answer is stored under the request's Idempotency-Key; the handler stores it in
   * the transaction of its work.
   */
  readonly idempotent?: boolean;
  /**
   * An idempotent write that generates a key for requests without one and returns it in the
   * headers, as Medusa does on some routes.
   */
  readonly issuesIdempotencyKey?: boolean;
  /**
   * The answer is stored under a key that the server issued, too, since the body shows that key.
   * Otherwise nothing is: who has the key in the headers of an answer has the answer.
   */
  readonly storesIssuedKeys?: boolean;
  /** A write by its method alone. Its answer is stored under no key. */
  readonly changesNothing?: boolean;
  /** Shows what the request has become, for a repeat whose answer was too large to be stored. */
  readonly showAgain?: (request: RouteRequest<A, Q, B>, ids: AnswerIds) => unknown;
  /**
   * Maps a status to the schema of its body. What `handler` returns must fit the first one; tests
   * check that it does.
   */
  readonly answers: Readonly<Record<number, ZodType>>;
  /** Processes the request. Its result is sent as JSON with status 200, unless it is a `Reply`. */
  readonly handler: (request: RouteRequest<A, Q, B>) => unknown;
}

/** An endpoint: the only source of its validation, its documentation and its response contract. */
export interface Route {
  readonly method: Method;
  /** `/store/regions/:id` */
  readonly path: string;
  readonly summary: string;
  readonly description: string | undefined;
  readonly access: Access;
  readonly params: Readonly<Record<string, Documented>>;
  readonly query: ZodObject | undefined;
  readonly body: ZodType | undefined;
  readonly attempts: Attempts<string, ZodObject | undefined, ZodType | undefined> | undefined;
  readonly catalogue: true | ReadonlySet<string> | undefined;
  readonly publishableKey: boolean;
  readonly idempotent: boolean;
  readonly issuesIdempotencyKey: boolean;
  readonly storesIssuedKeys: boolean;
  readonly changesNothing: boolean;
  readonly showAgain:
    | ((
        request: RouteRequest<string, ZodObject | undefined, ZodType | undefined>,
        ids: AnswerIds,
      ) => unknown)
    | undefined;
  readonly answers: Readonly<Record<number, ZodType>>;
  readonly handler: (
    request: RouteRequest<string, ZodObject | undefined, ZodType | undefined>,
  ) => unknown;
}

/**
 * Declares an endpoint: `route("GET /store/regions/:id", { … })`. The types of `params`, `query`
 * and `body` in `handler` follow from the path and the schemas.
 */
export function route<
  A extends Address,
  Q extends ZodObject | undefined = undefined,
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
    catalogue:
      typeof declaration.catalogue === "object"
        ? new Set(declaration.catalogue)
        : declaration.catalogue,
    publishableKey: declaration.publishableKey ?? false,
    idempotent: declaration.idempotent ?? declaration.issuesIdempotencyKey ?? false,
    issuesIdempotencyKey: declaration.issuesIdempotencyKey ?? false,
    storesIssuedKeys: declaration.storesIssuedKeys ?? false,
    changesNothing: declaration.changesNothing ?? false,
    showAgain: declaration.showAgain as Route["showAgain"],
    answers: declaration.answers,
    handler: declaration.handler as Route["handler"],
  };
}
