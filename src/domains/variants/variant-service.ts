import type { Knex } from "knex";
import { NotFoundError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import { sendTogether } from "../../database/send-together.ts";
import { productVariant } from "../../graph/entities/catalogue-entities.ts";
import type { Tree } from "../../graph/entity.ts";
import { loadPage, loadTree } from "../../graph/load-tree.ts";
import { below, needsOf, type TreeOfNeeds } from "../../graph/needs.ts";
import { shapeFor } from "../../graph/shape-for.ts";
import {
  type CataloguePriceContext,
  findPriceContext,
  priceContextOf,
} from "../pricing/price-context.ts";
import { pricingColumns, withContextPrices } from "../pricing/price-variant.ts";
import { rateColumns, ratesOf } from "../pricing/product-rates.ts";
import { findChannelScope, isOutOfScope, mustBeOfKey } from "../sales-channels/channel-scope.ts";
import { findVariantVisibility, variantsOnPage } from "./variant-queries.ts";
import type { VariantQuery, VariantsQuery } from "./variant-schemas.ts";
import { variantSelection, variantsSelection } from "./variant-view.ts";

/**
 * Reads variants as a storefront sees them: of published products, in its sales channels, and
 * always with prices for its context.
 */
export class VariantService {
  constructor(
    private readonly database: Knex,
    private readonly maxRows: number,
  ) {}

  /**
   * Returns a page of variants.
   * @throws InvalidDataError naming fields or relations that are not allowed
   * @throws NotFoundError if the cart or the region does not exist
   * @throws MultipleErrors if the channel does not belong to the publishable key
   */
  async list(ctx: RequestContext, query: VariantsQuery): Promise<{ variants: Tree[] }> {
    const selection = variantsSelection(query, ["created_at", "id"]);
    const { offset = 0, limit = 100, sales_channel_id: channel } = query;
    const [scope, found] = await sendTogether(this.database, (connection) => [
      findChannelScope(connection, ctx.publishableKey),
      findPriceContext(connection, query, ctx),
    ]);
    const named = channel ? [channel] : undefined;
    mustBeOfKey(scope, named);
    const context = priceContextOf(found, query, ctx, true);
    const page = { offset, limit: limit || this.maxRows };
    const rows = variantsOnPage(query, named ?? scope.preset, page);
    const { trees } = await loadPage(this.database, shapeFor(selection, needs), rows);
    return { variants: trees.map((variant) => withPrices(variant, context)) };
  }

  /**
   * Returns a variant, of any channel unless a publishable key limits it.
   * @throws InvalidDataError naming fields or relations that are not allowed
   * @throws NotFoundError if the variant, the cart or the region does not exist
   * @throws MultipleErrors if the channel or the variant does not belong to the publishable key
   */
  async retrieve(ctx: RequestContext, id: string, query: VariantQuery): Promise<{ variant: Tree }> {
    const [scope, visibility, found] = await sendTogether(this.database, (connection) => [
      findChannelScope(connection, ctx.publishableKey),
      findVariantVisibility(connection, id),
      findPriceContext(connection, query, ctx),
    ]);
    const selection =
      ctx.publishableKey && !visibility.published ? undefined : variantSelection(query, ["id"]);
    if (!selection || !visibility.published)
      throw new NotFoundError(`Variant with id: ${id} was not found`);
    mustBeOfKey(
      scope,
      query.sales_channel_id ? [query.sales_channel_id] : undefined,
      isOutOfScope(scope, visibility) ? [notOfKey(id)] : [],
    );
    const variant = await loadTree(this.database, shapeFor(selection, needs), id);
    if (!variant) throw new NotFoundError(`Variant with id: ${id} was not found`);
    const context = priceContextOf(found, query, ctx, true);
    return { variant: withPrices(variant, context) };
  }
}

function notOfKey(id: string): string {
  return (
    `Variant with id: ${id} is not associated with sales channels defined by ` +
    "the Publishable API Key passed in the header of the request."
  );
}

const needs = needsOf(
  productVariant,
  { ...pricingColumns, ...below("product", rateColumns) },
  { required: ["product"] },
);

function withPrices(variant: TreeOfNeeds<typeof needs>, context: CataloguePriceContext): Tree {
  return withContextPrices(variant, context, ratesOf(variant.product, context));
}
