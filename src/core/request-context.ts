import type { Knex } from "knex";

/**
 * Who sends a request, when, and under which keys: all that a use case may know of it. Contains
 * nothing of HTTP.
 */
export interface RequestContext {
  /** The only clock of a request: rules and money calculations take the time from here. */
  readonly now: Date;
  readonly requestId: string;
  /** The customer who is logged in, by session or token. */
  readonly customerId: string | undefined;
  /** The customer groups whose prices are shown, where they were read before; else by customer. */
  readonly groupIds?: readonly string[] | undefined;
  /** Whether the answer is kept in memory, and so must not be older than the primary's. */
  readonly isForMemory?: boolean;
  /** The session or token that the customer is logged in by. */
  readonly credential: Credential | undefined;
  /**
   * Whether the shop's own code sent the request: a server, or a script of a listed origin. A link
   * or a page of another site may send it with a customer's cookie, but without their consent.
   */
  readonly isFromStorefront: boolean;
  /** The header `x-publishable-api-key`, as sent. */
  readonly publishableKey: string | undefined;
  /**
   * The client's address and browser, as the request states them. Informative only; they prove
   * nothing.
   */
  readonly client: { readonly ip: string | undefined; readonly userAgent: string | undefined };
  readonly session: LoginSession;
  /**
   * Set on routes that honour an Idempotency-Key, if the request has one. `runIdempotently` uses
   * it.
   */
  readonly idempotency?: RequestIdempotency | undefined;
}

/**
 * Stores the answer of a request under its Idempotency-Key, so that a repeat with the same key
 * receives that answer instead of doing the work again.
 */
export interface RequestIdempotency {
  readonly key: string;
  /**
   * Must run first in the transaction that does the work. Waits for another process that works
   * under the same key, and ends the work if that process has stored an answer.
   */
  lock(trx: Knex.Transaction): Promise<void>;
  /** Must run last in that transaction. `answer` is the body, sent with status 200. */
  store(trx: Knex.Transaction, answer: unknown, repeated: unknown): Promise<void>;
  /** Says that the answer is not stored, since a repeat receives the same without it. */
  leaveUnstored(): void;
}

/**
 * The browser session of a request. It starts at login and ends at logout; anonymous visitors have
 * none.
 */
export interface LoginSession {
  /**
   * Starts a session for a customer under a new session id. `passwordVersion` records which
   * password the customer logged in with.
   */
  logIn(customerId: string, passwordVersion: number): Promise<void>;
  /** Keeps the session valid after its customer has changed the password. */
  updatePasswordVersion(passwordVersion: number): Promise<void>;
  /**
   * Removes the customer from the session, and destroys the session if it then holds nothing else.
   */
  logOut(): Promise<void>;
}

/** A session or a token that identifies a customer. */
export interface Credential {
  readonly customerId: string;
  /**
   * How often the password had been changed when the credential was issued. Undefined for
   * credentials that Medusa issued.
   */
  readonly passwordVersion: number | undefined;
  /** When a token was issued, in whole Unix seconds; undefined for a session. */
  readonly issuedAt: number | undefined;
  /** The SHA-256 fingerprint of a token; undefined for a session. */
  readonly tokenFingerprint: string | undefined;
}
