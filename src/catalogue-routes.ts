import type { Knex } from "knex";
import { collectionRoutes } from "./domains/collections/collection-routes.ts";
import { productCategoryRoutes } from "./domains/product-categories/product-category-routes.ts";
import { ProductCategoryService } from "./domains/product-categories/product-category-service.ts";
import { productLabelRoutes } from "./domains/product-labels/product-label-routes.ts";
import { productRoutes } from "./domains/products/product-routes.ts";
import { ProductService } from "./domains/products/product-service.ts";
import { regionRoutes } from "./domains/regions/region-routes.ts";
import { returnReasonRoutes } from "./domains/return-reasons/return-reason-routes.ts";
import { shippingOptionRoutes } from "./domains/shipping-options/shipping-option-routes.ts";
import { variantRoutes } from "./domains/variants/variant-routes.ts";
import { VariantService } from "./domains/variants/variant-service.ts";
import type { Route } from "./http/routing/route.ts";

/** Returns the catalogue reads. They change nothing, so a replica can answer them. */
export function catalogueRoutes(database: Knex, maxRows: number): Route[] {
  return [
    ...regionRoutes(database, maxRows),
    ...productRoutes(new ProductService(database, maxRows), maxRows),
    ...variantRoutes(new VariantService(database, maxRows), maxRows),
    ...collectionRoutes(database, maxRows),
    ...productCategoryRoutes(new ProductCategoryService(database, maxRows), maxRows),
    ...productLabelRoutes(database, maxRows),
    ...shippingOptionRoutes(database),
    ...returnReasonRoutes(database),
  ];
}
