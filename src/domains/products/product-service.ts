import type { Knex } from "knex";
import { NotFoundError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import { deferError, sendTogether } from "../../database/send-together.ts";
import { product } from "../../graph/entities/catalogue-entities.ts";
import type { Tree } from "../../graph/entity.ts";
import { loadPage, loadTree } from "../../graph/load-tree.ts";
import { below, needsOf, type TreeOfNeeds } from "../../graph/needs.ts";
import type { Shape } from "../../graph/shape.ts";
import { shapeFor } from "../../graph/shape-for.ts";
import type { Selection, ViewQuery } from "../../graph/view.ts";
import {
  type CataloguePriceContext,
  contextValues,
  findPriceContext,
  type PriceContextQuery,
  priceContextOf,
} from "../pricing/price-context.ts";
import {
  pricesInContext,
  pricingColumns,
  withContextPrices,
  withOpenPrices,
} from "../pricing/price-variant.ts";
import { rateColumns, ratesOf } from "../pricing/product-rates.ts";
import { findChannelScope, isOutOfScope, mustBeOfKey } from "../sales-channels/channel-scope.ts";
import { type ListContext, ListContexts } from "./list-context.ts";
import { findProductVisibility, productsOnPage } from "./product-queries.ts";
import type { ProductQuery, ProductsQuery } from "./product-schemas.ts";
import { productSelection } from "./product-view.ts";

interface ProductList {
  readonly products: Tree[];
  readonly count: number;
  readonly offset: number;
  readonly limit: number;
}

/**
 * Reads products as a storefront sees them: published, in its sales channels, and with prices for
 * its context.
 */
export class ProductService {
  readonly #contexts: ListContexts;

  constructor(
    private readonly database: Knex,
    private readonly maxRows: number,
  ) {
    this.#contexts = new ListContexts(database);
  }

  /**
   * Returns a page of published products.
   * @throws InvalidDataError naming fields, relations or an order that are not allowed
   * @throws NotFoundError if the cart or the region does not exist
   * @throws MultipleErrors if a channel does not belong to the publishable key
   */
  list(ctx: RequestContext, query: ProductsQuery): Promise<ProductList> {
    return this.#contexts.read(ctx, query, (connection, context) =>
      this.#listIn(connection, context, ctx, query),
    );
  }

  async #listIn(
    connection: Knex,
    { scope, found }: ListContext,
    ctx: RequestContext,
    query: ProductsQuery,
  ): Promise<ProductList> {
    const { offset = 0, limit = 100 } = query;
    const selection = productSelection(
      viewQueryOf(query),
      ["created_at", "id"],
      scope.ofKey && "channels",
    );
    mustBeOfKey(scope, query.sales_channel_id);
    const priced = requestsPrices(selection) || filtersOrSortsByPrice(query);
    const context = priceContextOf(found, query, ctx, priced);
    const channels = query.sales_channel_id ?? scope.preset;
    const page = { offset, limit: limit || this.maxRows };
    const rows = productsOnPage(query, channels, context, page);
    const { shape, values } = shapeOfProducts(selection, query);
    const { trees, count } = await loadPage(connection, shape, rows, undefined, values);
    const products = trees.map((tree) => presented(tree, selection, query, context));
    return { products, count, offset, limit };
  }

  /**
   * Returns a published product, of any channel unless a publishable key limits it.
   * @throws InvalidDataError naming fields or relations that are not allowed
   * @throws NotFoundError if the product, the cart or the region does not exist
   * @throws MultipleErrors if the channel or the product does not belong to the publishable key
   */
  async retrieve(ctx: RequestContext, id: string, query: ProductQuery): Promise<{ product: Tree }> {
    const notFound = new NotFoundError(`Product with id: ${id} was not found`);
    const selection = await this.#selectionOf(ctx, id, query, notFound);
    const { shape, values } = shapeOfProducts(selection, query);
    const [scope, visibility, found, product] = await sendTogether(this.database, (connection) => [
      findChannelScope(connection, ctx.publishableKey),
      findProductVisibility(connection, id),
      findPriceContext(connection, query, ctx),
      deferError(loadTree(connection, shape, id, undefined, values)),
    ]);
    if (!visibility.published) throw notFound;
    mustBeOfKey(
      scope,
      query.sales_channel_id ? [query.sales_channel_id] : undefined,
      isOutOfScope(scope, visibility) ? [notOfKey(id)] : [],
    );
    const context = priceContextOf(found, query, ctx, requestsPrices(selection));
    const tree = product();
    if (!tree) throw notFound;
    return { product: presented(tree, selection, query, context) };
  }

  /** With a key, Medusa looks for the product before it validates the query. */
  async #selectionOf(
    ctx: RequestContext,
    id: string,
    query: ProductQuery,
    notFound: NotFoundError,
  ): Promise<Selection> {
    try {
      return productSelection(query, ["id"]);
    } catch (error) {
      const isHidden =
        ctx.publishableKey && !(await findProductVisibility(this.database, id)).published;
      throw isHidden ? notFound : error;
    }
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
const pricedColumns = { ...rateColumns, ...below("variants", pricingColumns) } as const;
const pricedNeeds = needsOf(product, pricedColumns, { whereShown: profiles });
const pricedInContextNeeds = needsOf(product, pricedColumns, {
  whereShown: profiles,
  preferences: { "variants.prices": pricesInContext },
});

type PricedProduct = TreeOfNeeds<typeof pricedNeeds>;
type LoadedProduct = UnpricedProduct & Partial<PricedProduct>;

/**
 * Returns the shape of products as the selection shows them, with what their prices need, and the
 * values of its preferences.
 */
function shapeOfProducts(
  selection: Selection,
  requested: PriceContextQuery,
): { shape: Shape<LoadedProduct>; values?: readonly unknown[] } {
  const also = selection.computed.has("profile_id") ? (["profiles"] as const) : [];
  if (!selection.relations.has("variants.prices"))
    return { shape: shapeFor(selection, unpricedNeeds, also) };
  const values = isPriced(selection) ? contextValues(requested) : undefined;
  return values
    ? { shape: shapeFor(selection, pricedInContextNeeds, also), values }
    : { shape: shapeFor(selection, pricedNeeds, also) };
}

/** Returns a loaded product as the selection shows it, with prices and taxes if it has them. */
function presented(
  product: LoadedProduct,
  selection: Selection,
  { fields }: ViewQuery,
  context: CataloguePriceContext,
): Tree {
  const showsProfile =
    selection.computed.has("profile_id") || (!fields && selection.relations.has("profiles"));
  const profile = showsProfile ? { profile_id: product.profiles?.[0]?.id } : {};
  if (!isWithPrices(product, selection)) return showsProfile ? { ...product, ...profile } : product;
  const rates = ratesOf(product, context);
  const variants = product.variants.map((variant) =>
    isPriced(selection)
      ? withContextPrices(variant, context, rates)
      : withOpenPrices(variant, context),
  );
  return { ...product, ...profile, variants };
}

function isWithPrices(
  _product: LoadedProduct,
  { relations }: Selection,
): _product is UnpricedProduct & PricedProduct {
  return relations.has("variants.prices");
}
