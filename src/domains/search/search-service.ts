import type { Knex } from "knex";
import type { RequestContext } from "../../core/request-context.ts";
import { sendTogether } from "../../database/send-together.ts";
import type { Tree } from "../../graph/entity.ts";
import { loadTrees } from "../../graph/load-tree.ts";
import { findPriceContext, priceContextOf } from "../pricing/price-context.ts";
import { withContextPrices } from "../pricing/price-variant.ts";
import { ratesOf } from "../pricing/product-rates.ts";
import { findChannelScope } from "../sales-channels/channel-scope.ts";
import { ProductIndex } from "./product-index.ts";
import { readFilter } from "./read-filter.ts";
import { foundProduct, searchHit } from "./search-hit.ts";
import {
  countFacets,
  findMatches,
  findNewest,
  findWords,
  type SearchScope,
} from "./search-queries.ts";
import { type WordQuery, wordQueries } from "./search-rules.ts";
import type { SearchBody } from "./search-schemas.ts";

/** The maximum length of the text that is searched for words, in characters. */
const MAX_QUERY_LENGTH = 400;

/** The answer of a search, in MeiliSearch's form. */
interface SearchAnswer {
  readonly hits: Tree[];
  readonly query: string;
  readonly processingTimeMs: number;
  readonly limit: number;
  readonly offset: number;
  readonly estimatedTotalHits: number;
  readonly facetDistribution?: Record<string, Record<string, number>>;
}

function priceContextQuery({ cart_id, region_id, currency_code }: SearchBody) {
  return {
    cart_id: cart_id ?? undefined,
    region_id: region_id ?? undefined,
    currency_code: currency_code ?? undefined,
  };
}

/** Finds products by words. */
export class SearchService {
  private readonly index: ProductIndex;

  constructor(private readonly database: Knex) {
    this.index = new ProductIndex(database);
  }

  /**
   * Returns a page of the published products that match a text in the channels in scope, best
   * first, and the counts of the requested facets.
   * @throws InvalidDataError if the filter cannot be parsed
   * @throws NotFoundError if the cart or the region does not exist
   */
  async search(ctx: RequestContext, body: SearchBody): Promise<SearchAnswer> {
    const startedAt = performance.now();
    const { offset = 0, limit = 20, facets = [] } = body;
    const q = body.q ?? "";
    const filter = readFilter(body.filter);
    const requested = priceContextQuery(body);
    const [{ preset: channels }, row] = await sendTogether(this.database, (connection) => [
      findChannelScope(connection, ctx.publishableKey),
      findPriceContext(connection, requested, ctx),
    ]);
    const context = priceContextOf(row, requested, ctx, true);
    await this.index.refresh();
    const found = await this.find(q, { channels, filter }, { limit, offset }, facets);
    const products = await loadTrees(this.database, foundProduct, found.ids);
    return {
      hits: products.map((product) => {
        const rates = ratesOf(product, context);
        return searchHit(
          product,
          product.variants.map((variant) => withContextPrices(variant, context, rates)),
        );
      }),
      query: q,
      processingTimeMs: Math.round(performance.now() - startedAt),
      limit,
      offset,
      estimatedTotalHits: found.count,
      ...(facets.length > 0 ? { facetDistribution: found.facets } : {}),
    };
  }

  private async find(
    q: string,
    scope: SearchScope,
    page: { limit: number; offset: number },
    facets: readonly string[],
  ) {
    const code = q.trim().slice(0, MAX_QUERY_LENGTH).toLowerCase();
    if (code === "") {
      const found = await findNewest(this.database, scope, page);
      return { ...found, facets: await this.count(facets, undefined, code, scope) };
    }
    const queries = wordQueries(await findWords(this.database, code));
    let words: WordQuery | undefined;
    let found = { ids: [] as string[], count: 0 };
    for (words of queries) {
      found = await findMatches(this.database, words, code, scope, page);
      if (found.count > 0) break;
    }
    const counted = words
      ? await this.count(facets, words, code, scope)
      : Object.fromEntries(facets.map((name) => [name, {}]));
    return { ...found, facets: counted };
  }

  private async count(
    facets: readonly string[],
    words: WordQuery | undefined,
    code: string,
    scope: SearchScope,
  ) {
    return facets.length === 0 ? {} : await countFacets(this.database, facets, words, code, scope);
  }
}
