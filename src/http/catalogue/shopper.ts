import { promisify } from "node:util";
import type { SessionData, Store } from "express-session";
import type { Credential } from "../../core/request-context.ts";
import { credentialOfSession, credentialOfToken } from "../sessions/authenticate.ts";
import type { AskedCatalogue } from "./asked-catalogue.ts";

/** What a catalogue read says of who sends it: a login, a session in the database, a cart. */
export interface ShopperClaim {
  readonly credential: Credential | undefined;
  /** Its login is found with the rest, where sessions are in the database. */
  readonly sessionId: string | undefined;
  readonly cartId: string | undefined;
}

/** What decides prices: the cart's region if a cart is named, and groups that have prices. */
export interface Shopper {
  readonly regionId: string | undefined;
  readonly groupIds: readonly string[];
}

/** Finds by one statement what decides the prices of a read; undefined for an unknown cart. */
export type FindShopper = (claim: ShopperClaim) => Promise<Shopper | undefined>;

/** Finds the same for a request. */
export type LookUpShopper = (asked: AskedCatalogue) => Promise<Shopper | undefined>;

/**
 * Returns the function that finds who sends a request. Sessions are read from `store`, unless they
 * are in the database, where the statement that finds the rest reads them.
 */
export function lookUpShopper(
  find: FindShopper,
  secrets: readonly string[],
  store: Store | undefined,
): LookUpShopper {
  const read = store && promisify<string, SessionData | null | undefined>(store.get.bind(store));
  return async ({ token, sessionId, cartId }) => {
    let credential = token === undefined ? undefined : credentialOfToken(token, secrets);
    if (read && sessionId !== undefined)
      credential = credentialOfSession((await read(sessionId)) ?? undefined);
    const inDatabase = read ? undefined : sessionId;
    if (!credential && inDatabase === undefined && cartId === undefined)
      return { regionId: undefined, groupIds: [] };
    return find({ credential, sessionId: inDatabase, cartId });
  };
}
