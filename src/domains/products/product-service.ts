import type { Knex } from "knex";
import type { Call } from "../../call.ts";
import { NotFound } from "../../errors.ts";
import { inner, type Tree } from "../../graph/entity.ts";
import { loadTree, loadTrees } from "../../graph/load-tree.ts";
import { shapeFor } from "../../graph/shape-for.ts";
import type { Asked, Selection } from "../../graph/view.ts";
import { findChannelScope, mustBeOfKey } from "../sales-channels/channel-scope.ts";
import { priceVariant, pricingColumns, pricingRelations } from "../variants/price-variants.ts";
import { type CataloguePriceContext, findPriceContext } from "./price-context.ts";
import { findProductIds, findProductStanding } from "./product-queries.ts";
import { rateRelations, ratesOf } from "./product-rates.ts";
import type { ProductQuery, ProductsQuery } from "./product-schemas.ts";
import { productSelection } from "./product-view.ts";

/** Reads products as a storefront sees them: published, of its channels, with the prices of its context. */
export class ProductService {
  constructor(
    private readonly database: Knex,
    private readonly mostRows: number,
  ) {}

  /**
   * A page of published products.
   * @throws InvalidData fields, relations or an order that are not allowed · NotFound the cart or the region · SeveralFaults channels outside
   * those of the key.
   */
  async list(call: Call, query: ProductsQuery): Promise<{ products: Tree[]; count: number; offset: number; limit: number }> {
    const { offset = 0, limit = 100 } = query;
    const scope = await findChannelScope(this.database, call.publishableKey);
    const selection = productSelection(askedOf(query), ["created_at", "id"], scope.ofKey && "channels");
    mustBeOfKey(scope, query.sales_channel_id);
    const context = await findPriceContext(this.database, query, call, asksPrices(selection) || asksPrice(query));
    const page = { offset, limit: limit || this.mostRows };
    const { ids, count } = await findProductIds(this.database, query, query.sales_channel_id ?? scope.preset, context, page);
    const products = await loadTrees(this.database, shapeFor(selection, needs(selection)), ids);
    for (const product of products) present(product, selection, context, query);
    return { products, count, offset, limit };
  }

  /**
   * One published product, of whatever channel if no key narrows it.
   * @throws InvalidData fields or relations that are not allowed · NotFound the product, the cart or the region · SeveralFaults a channel or a
   * product outside those of the key.
   */
  async retrieve(call: Call, id: string, query: ProductQuery): Promise<{ product: Tree }> {
    const scope = await findChannelScope(this.database, call.publishableKey);
    const standing = await findProductStanding(this.database, id, scope.ofKey ?? []);
    // With a key Medusa looks for the product before it reads the query.
    if (call.publishableKey && !standing.published) throw new NotFound(`Product with id: ${id} was not found`);
    const selection = productSelection(query, ["id"]);
    mustBeOfKey(
      scope,
      query.sales_channel_id ? [query.sales_channel_id] : undefined,
      scope.ofKey && !standing.inChannel ? [notOfKey(id)] : [],
    );
    const product = standing.published ? await loadTree(this.database, shapeFor(selection, needs(selection)), id) : undefined;
    if (!product) throw new NotFound(`Product with id: ${id} was not found`);
    present(product, selection, await findPriceContext(this.database, query, call, asksPrices(selection)), query);
    return { product };
  }
}

function notOfKey(id: string): string {
  return `Product with id: ${id} is not associated with sales channels defined by the Publishable API Key passed in the header of the request.`;
}

/** An empty `fields` beside `q` counts as none, as in Medusa. */
function askedOf({ fields, expand, q }: ProductsQuery): Asked {
  return { fields: q && fields === "" ? undefined : fields, expand };
}

/** A cart or region must be there only where both are asked for, as in Medusa. */
function asksPrices({ relations }: Selection): boolean {
  return relations.has("variants") && relations.has("variants.prices");
}

/** Variants that are narrowed to their titles get no prices, as in Medusa. */
function isPriced(selection: Selection): boolean {
  return asksPrices(selection) && !selection.narrowed.has("variants");
}

function asksPrice({ price, order }: ProductsQuery): boolean {
  return price !== undefined || order === "price" || order === "-price";
}

const pricing = {
  relations: [...rateRelations, ...pricingRelations.map((path) => `variants.${path}`)],
  columns: new Map(pricingColumns.map(([path, columns]) => [path === "" ? "variants" : `variants.${path}`, columns])),
};

function needs(selection: Selection): { relations: string[]; columns?: ReadonlyMap<string, readonly string[]> } {
  const profile = selection.computed.has("profile_id") ? ["profiles"] : [];
  if (!isPriced(selection)) return { relations: profile };
  return { relations: [...profile, ...pricing.relations], columns: pricing.columns };
}

function present(
  product: Tree,
  selection: Selection,
  context: CataloguePriceContext,
  query: { fields?: string | undefined },
): void {
  const showsProfile = selection.computed.has("profile_id") || (!query.fields && selection.relations.has("profiles"));
  if (showsProfile) product["profile_id"] = inner<Tree[]>(product, "profiles")[0]?.["id"];
  if (!isPriced(selection)) return;
  const rates = ratesOf(product, context);
  for (const variant of inner<Tree[]>(product, "variants")) priceVariant(variant, context, rates);
}
