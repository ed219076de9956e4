import { isDeepStrictEqual } from "node:util";
import type { Knex } from "knex";
import { LRUCache } from "lru-cache";
import type { RequestContext } from "../../core/request-context.ts";
import { deferError, sendTogether } from "../../database/send-together.ts";
import {
  findPriceContext,
  type PriceContextQuery,
  type PriceContextRow,
} from "../pricing/price-context.ts";
import { type ChannelScope, findChannelScope } from "../sales-channels/channel-scope.ts";

/** What decides a list beside its query, as the database has it. */
export interface ListContext {
  readonly scope: ChannelScope;
  readonly found: PriceContextRow;
}

/** Far more publishable keys and regions than a shop has. */
const MAX_REMEMBERED = 200;

/**
 * Reads lists together with what decides them. That seldom changes: the list is read for what was
 * found last, in the same round trip in which it is found anew, and again only if it has changed.
 */
export class ListContexts {
  readonly #last = new LRUCache<string, ListContext>({ max: MAX_REMEMBERED });

  constructor(private readonly database: Knex) {}

  /**
   * Returns what `load` returns for the context of a request. It may be called twice.
   * @throws what `load` throws
   */
  async read<T>(
    ctx: RequestContext,
    query: PriceContextQuery,
    load: (connection: Knex, context: ListContext) => Promise<T>,
  ): Promise<T> {
    const { publishableKey, customerId } = ctx;
    const isOnesOwn = customerId !== undefined || query.cart_id !== undefined;
    const key = JSON.stringify([publishableKey, query.region_id]);
    const last = isOnesOwn ? undefined : this.#last.get(key);
    const [scope, found, ahead] = await sendTogether(this.database, (connection) => [
      findChannelScope(connection, publishableKey),
      findPriceContext(connection, query, ctx),
      last ? deferError(load(connection, last)) : Promise.resolve(undefined),
    ]);
    const context = { scope, found };
    if (ahead && isDeepStrictEqual(context, last)) return ahead();
    if (!isOnesOwn && (found.region || !query.region_id)) this.#last.set(key, context);
    return load(this.database, context);
  }
}
