import type { Knex } from "knex";
import type { Call } from "../../call.ts";
import { NotFound } from "../../errors.ts";
import { inner, type Tree } from "../../graph/entity.ts";
import { loadTree, loadTrees } from "../../graph/load-tree.ts";
import { type Needs, shapeFor } from "../../graph/shape-for.ts";
import { type CataloguePriceContext, findPriceContext } from "../products/price-context.ts";
import { rateRelations, ratesOf } from "../products/product-rates.ts";
import { findChannelScope, mustBeOfKey } from "../sales-channels/channel-scope.ts";
import { priceVariant, pricingColumns, pricingRelations } from "./price-variants.ts";
import { findVariantIds, findVariantStanding } from "./variant-queries.ts";
import type { VariantQuery, VariantsQuery } from "./variant-schemas.ts";
import { variantSelection, variantsSelection } from "./variant-view.ts";

/** Reads variants as a storefront sees them: of published products, of its channels, always with the prices of its context. */
export class VariantService {
  constructor(
    private readonly database: Knex,
    private readonly mostRows: number,
  ) {}

  /**
   * A page of variants.
   * @throws InvalidData fields or relations that are not allowed · NotFound the cart or the region · SeveralFaults a channel outside those of
   * the key.
   */
  async list(call: Call, query: VariantsQuery): Promise<{ variants: Tree[] }> {
    const selection = variantsSelection(query, ["created_at", "id"]);
    const { offset = 0, limit = 100, sales_channel_id: channel } = query;
    const scope = await findChannelScope(this.database, call.publishableKey);
    const named = channel ? [channel] : undefined;
    mustBeOfKey(scope, named);
    const context = await findPriceContext(this.database, query, call, true);
    const page = { offset, limit: limit || this.mostRows };
    const ids = await findVariantIds(this.database, query, named ?? scope.preset, page);
    const variants = await loadTrees(this.database, shapeFor(selection, needs), ids);
    for (const variant of variants) price(variant, context);
    return { variants };
  }

  /**
   * One variant, of whatever channel if no key narrows it.
   * @throws InvalidData fields or relations that are not allowed · NotFound the variant, the cart or the region · SeveralFaults a channel or a
   * variant outside those of the key.
   */
  async retrieve(call: Call, id: string, query: VariantQuery): Promise<{ variant: Tree }> {
    const scope = await findChannelScope(this.database, call.publishableKey);
    const standing = await findVariantStanding(this.database, id, scope.ofKey ?? []);
    const selection = call.publishableKey && !standing.published ? undefined : variantSelection(query, ["id"]);
    if (!selection || !standing.published) throw new NotFound(`Variant with id: ${id} was not found`);
    mustBeOfKey(
      scope,
      query.sales_channel_id ? [query.sales_channel_id] : undefined,
      scope.ofKey && !standing.inChannel ? [notOfKey(id)] : [],
    );
    const variant = await loadTree(this.database, shapeFor(selection, needs), id);
    if (!variant) throw new NotFound(`Variant with id: ${id} was not found`);
    price(variant, await findPriceContext(this.database, query, call, true));
    return { variant };
  }
}

function notOfKey(id: string): string {
  return `Variant with id: ${id} is not associated with sales channels defined by the Publishable API Key passed in the header of the request.`;
}

const needs: Needs = {
  relations: [...pricingRelations, ...rateRelations.map((path) => `product.${path}`)],
  columns: new Map(pricingColumns),
};

function price(variant: Tree, context: CataloguePriceContext): void {
  priceVariant(variant, context, ratesOf(inner(variant, "product"), context));
}
