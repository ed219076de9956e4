import type { Knex } from "knex";
import { NotFoundError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import { productVariant } from "../../graph/entities/catalogue-entities.ts";
import type { Tree } from "../../graph/entity.ts";
import { loadTree, loadTrees } from "../../graph/load-tree.ts";
import { below, needsOf, type TreeOfNeeds } from "../../graph/needs.ts";
import { shapeFor } from "../../graph/shape-for.ts";
import { type CataloguePriceContext, findPriceContext } from "../pricing/price-context.ts";
import { pricingColumns, withContextPrices } from "../pricing/price-variant.ts";
import { rateColumns, ratesOf } from "../pricing/product-rates.ts";
import { findChannelScope, mustBeOfKey } from "../sales-channels/channel-scope.ts";
import { findVariantIds, findVariantVisibility } from "./variant-queries.ts";
import type { VariantQuery, VariantsQuery } from "./variant-schemas.ts";
import { variantSelection, variantsSelection } from "./variant-view.ts";

/**
 * Reads variants as a storefront sees them: of published products, of its channels, always with the
 * prices of its context.
 */
export class VariantService {
  constructor(
    private readonly database: Knex,
    private readonly maxRows: number,
  ) {}

  /**
   * A page of variants.
   * @throws InvalidData fields or relations that are not allowed · NotFound the cart or the region
   * · SeveralFaults a channel outside those of the key.
   */
  async list(ctx: RequestContext, query: VariantsQuery): Promise<{ variants: Tree[] }> {
    const selection = variantsSelection(query, ["created_at", "id"]);
    const { offset = 0, limit = 100, sales_channel_id: channel } = query;
    const scope = await findChannelScope(this.database, ctx.publishableKey);
    const named = channel ? [channel] : undefined;
    mustBeOfKey(scope, named);
    const context = await findPriceContext(this.database, query, ctx, true);
    const page = { offset, limit: limit || this.maxRows };
    const ids = await findVariantIds(this.database, query, named ?? scope.preset, page);
    const variants = await loadTrees(this.database, shapeFor(selection, needs), ids);
    return { variants: variants.map((variant) => withPrices(variant, context)) };
  }

  /**
   * One variant, of whatever channel if no key narrows it.
   * @throws InvalidData fields or relations that are not allowed · NotFound the variant, the cart
   * or the region · SeveralFaults a channel or a variant outside those of the key.
   */
  async retrieve(ctx: RequestContext, id: string, query: VariantQuery): Promise<{ variant: Tree }> {
    const scope = await findChannelScope(this.database, ctx.publishableKey);
    const visibility = await findVariantVisibility(this.database, id, scope.ofKey ?? []);
    const selection =
      ctx.publishableKey && !visibility.published ? undefined : variantSelection(query, ["id"]);
    if (!selection || !visibility.published)
      throw new NotFoundError(`Variant with id: ${id} was not found`);
    mustBeOfKey(
      scope,
      query.sales_channel_id ? [query.sales_channel_id] : undefined,
      scope.ofKey && !visibility.inChannel ? [notOfKey(id)] : [],
    );
    const variant = await loadTree(this.database, shapeFor(selection, needs), id);
    if (!variant) throw new NotFoundError(`Variant with id: ${id} was not found`);
    const context = await findPriceContext(this.database, query, ctx, true);
    return { variant: withPrices(variant, context) };
  }
}

function notOfKey(id: string): string {
  return `Variant with id: ${id} is not associated with sales channels defined by the Publishable API Key passed in the header of the request.`;
}

const needs = needsOf(
  productVariant,
  { ...pricingColumns, ...below("product", rateColumns) },
  { required: ["product"] },
);

function withPrices(variant: TreeOfNeeds<typeof needs>, context: CataloguePriceContext): Tree {
  return withContextPrices(variant, context, ratesOf(variant.product, context));
}
