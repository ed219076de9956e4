import type { Knex } from "knex";

/**
 * Who asks, when and under which keys: what a use case may know of the request that called it.
 * Nothing of HTTP.
 */
export interface RequestContext {
  /** The one clock of the request; rules and money get the time from here. */
  readonly now: Date;
  readonly requestId: string;
  /** The customer who is logged in, by session or token. */
  readonly customerId: string | undefined;
  /** What they showed to be known. */
  readonly credential: Credential | undefined;
  /** `x-publishable-api-key` as it was sent. */
  readonly publishableKey: string | undefined;
  /** Where the request says that it comes from, for the shop to know; proves nothing. */
  readonly client: { readonly ip: string | undefined; readonly userAgent: string | undefined };
  readonly session: LoginSession;
  /**
   * Set on the routes that honour an Idempotency-Key, when there is one; `answerOnce` is who uses
   * it.
   */
  readonly idempotency?: RequestIdempotency | undefined;
}

/**
 * Keeps a call's answer under a key, so that asking again with that key gives the answer instead of
 * doing the work again.
 */
export interface RequestIdempotency {
  readonly key: string;
  /**
   * First of all in the transaction that does the work: waits for another process that works under
   * the same key. Ends the work if it has answered.
   */
  lock(trx: Knex.Transaction): Promise<void>;
  /** Last of all in it: `answer` is the body, sent with status 200. */
  store(trx: Knex.Transaction, answer: unknown, repeated: unknown): Promise<void>;
}

/**
 * The browser session of a call: starts at login, ends at logout; there is none for anonymous
 * visitors.
 */
export interface LoginSession {
  /**
   * Begins a session for a customer under a fresh session id. `passwordVersion` tells which
   * password it was begun with.
   */
  logIn(customerId: string, passwordVersion: number): Promise<void>;
  /** Lets the session go on after its customer has changed the password. */
  updatePasswordVersion(passwordVersion: number): Promise<void>;
  /** Forgets the customer; a session that then holds nothing else is destroyed. */
  logOut(): Promise<void>;
}

/** A session or a token that names a customer. */
export interface Credential {
  readonly customerId: string;
  /**
   * How often the password had been changed when it was given out; undefined for those that a
   * Medusa gave out.
   */
  readonly passwordVersion: number | undefined;
  /** A token's time of issue, in whole unix seconds. */
  readonly issuedAt: number | undefined;
  /** Stands for a token without being one; undefined for a session. */
  readonly tokenFingerprint: string | undefined;
}
