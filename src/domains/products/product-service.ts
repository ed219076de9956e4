import type { Knex } from "knex";
import { NotFoundError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import { product } from "../../graph/entities/catalogue-entities.ts";
import type { Tree } from "../../graph/entity.ts";
import { loadTrees } from "../../graph/load-tree.ts";
import { below, needsOf, type TreeOfNeeds } from "../../graph/needs.ts";
import { shapeFor } from "../../graph/shape-for.ts";
import type { Selection, ViewQuery } from "../../graph/view.ts";
import { type CataloguePriceContext, findPriceContext } from "../pricing/price-context.ts";
import { pricingColumns, withContextPrices, withOpenPrices } from "../pricing/price-variant.ts";
import { rateColumns, ratesOf } from "../pricing/product-rates.ts";
import { findChannelScope, mustBeOfKey } from "../sales-channels/channel-scope.ts";
import { findProductIds, findProductVisibility } from "./product-queries.ts";
import type { ProductQuery, ProductsQuery } from "./product-schemas.ts";
import { productSelection } from "./product-view.ts";

/**
 * Reads products as a storefront sees them: published, in its sales channels, and with prices for
 * its context.
 */
export class ProductService {
  constructor(
    private readonly database: Knex,
    private readonly maxRows: number,
  ) {}

  /**
   * Returns a page of published products.
   * @throws InvalidDataError naming fields, relations or an order that are not allowed
   * @throws NotFoundError if the cart or the region does not exist
   * @throws MultipleErrors if a channel does not belong to the publishable key
   */
  async list(
    ctx: RequestContext,
    query: ProductsQuery,
  ): Promise<{ products: Tree[]; count: number; offset: number; limit: number }> {
    const { offset = 0, limit = 100 } = query;
    const scope = await findChannelScope(this.database, ctx.publishableKey);
    const selection = productSelection(
      viewQueryOf(query),
      ["created_at", "id"],
      scope.ofKey && "channels",
    );
    mustBeOfKey(scope, query.sales_channel_id);
    const context = await findPriceContext(
      this.database,
      query,
      ctx,
      requestsPrices(selection) || filtersOrSortsByPrice(query),
    );
    const page = { offset, limit: limit || this.maxRows };
    const { ids, count } = await findProductIds(
      this.database,
      query,
      query.sales_channel_id ?? scope.preset,
      context,
      page,
    );
    return {
      products: await this.#load(ids, selection, context, query),
      count,
      offset,
      limit,
    };
  }

  /**
   * Returns a published product, of any channel unless a publishable key limits it.
   * @throws InvalidDataError naming fields or relations that are not allowed
   * @throws NotFoundError if the product, the cart or the region does not exist
   * @throws MultipleErrors if the channel or the product does not belong to the publishable key
   */
  async retrieve(ctx: RequestContext, id: string, query: ProductQuery): Promise<{ product: Tree }> {
    const scope = await findChannelScope(this.database, ctx.publishableKey);
    const visibility = await findProductVisibility(this.database, id, scope.ofKey ?? []);
    // With a key, Medusa looks for the product before it validates the query.
    if (ctx.publishableKey && !visibility.published)
      throw new NotFoundError(`Product with id: ${id} was not found`);
    const selection = productSelection(query, ["id"]);
    mustBeOfKey(
      scope,
      query.sales_channel_id ? [query.sales_channel_id] : undefined,
      scope.ofKey && !visibility.inChannel ? [notOfKey(id)] : [],
    );
    const notFound = new NotFoundError(`Product with id: ${id} was not found`);
    if (!visibility.published) throw notFound;
    const context = await findPriceContext(this.database, query, ctx, requestsPrices(selection));
    const [product] = await this.#load([id], selection, context, query);
    if (!product) throw notFound;
    return { product };
  }

  /** Loads products as the selection shows them, with prices and taxes if it requests them. */
  async #load(
    ids: readonly string[],
    selection: Selection,
    context: CataloguePriceContext,
    { fields }: ViewQuery,
  ): Promise<Tree[]> {
    const isNamed = selection.computed.has("profile_id");
    const showsProfile = isNamed || (!fields && selection.relations.has("profiles"));
    const also = isNamed ? (["profiles"] as const) : [];
    const shown = (product: UnpricedProduct) => (showsProfile ? withProfileId(product) : product);
    if (!selection.relations.has("variants.prices")) {
      const shape = shapeFor(selection, unpricedNeeds, also);
      return (await loadTrees(this.database, shape, ids)).map(shown);
    }
    const products = await loadTrees(this.database, shapeFor(selection, pricedNeeds, also), ids);
    return products.map((product) => ({
      ...shown(product),
      variants: isPriced(selection)
        ? pricedVariants(product, context)
        : product.variants.map((variant) => withOpenPrices(variant, context)),
    }));
  }
}

function notOfKey(id: string): string {
  return (
    `Product with id: ${id} is not associated with sales channels defined by ` +
    "the Publishable API Key passed in the header of the request."
  );
}

/** As in Medusa, an empty `fields` beside `q` counts as absent. */
function viewQueryOf({ fields, expand, q }: ProductsQuery): ViewQuery {
  return { fields: q && fields === "" ? undefined : fields, expand };
}

/** As in Medusa, the cart or region must exist only if both relations are requested. */
function requestsPrices({ relations }: Selection): boolean {
  return relations.has("variants") && relations.has("variants.prices");
}

/** As in Medusa, variants that are narrowed to their titles have no prices. */
function isPriced(selection: Selection): boolean {
  return requestsPrices(selection) && !selection.narrowed.has("variants");
}

function filtersOrSortsByPrice({ price, order }: ProductsQuery): boolean {
  return price !== undefined || order === "price" || order === "-price";
}

const profiles = { profiles: ["id"] } as const;
const unpricedNeeds = needsOf(product, {}, { whereShown: profiles });
type UnpricedProduct = TreeOfNeeds<typeof unpricedNeeds>;
const pricedNeeds = needsOf(
  product,
  { ...rateColumns, ...below("variants", pricingColumns) },
  { whereShown: profiles },
);

function pricedVariants(
  product: TreeOfNeeds<typeof pricedNeeds>,
  context: CataloguePriceContext,
): readonly Tree[] {
  const rates = ratesOf(product, context);
  return product.variants.map((variant) => withContextPrices(variant, context, rates));
}

function withProfileId(product: UnpricedProduct): Tree {
  return { ...product, profile_id: product.profiles?.[0]?.id };
}
