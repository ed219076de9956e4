import { listAnswer, singleAnswer } from "../../graph/answer-schema.ts";
import { productCategory } from "../../graph/entities/catalogue-entities.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { productCategoriesQuery, productCategoryQuery } from "./product-category-schemas.ts";
import type { ProductCategoryService } from "./product-category-service.ts";

/** The endpoints that show the tree of product categories. */
export const productCategoryRoutes = (
  categories: ProductCategoryService,
  maxRows: number,
): Route[] => [
  route("GET /store/product-categories", {
    summary: "List Product Categories",
    description: "Returns the active, public categories of all levels, by rank and handle.",
    access: "anyone",
    catalogue: true,
    query: productCategoriesQuery(maxRows),
    answers: { 200: listAnswer("product_categories", productCategory), 400: refusal },
    handler: ({ query }) => categories.list(query),
  }),
  route("GET /store/product-categories/:id", {
    summary: "Get a Product Category",
    description: "Returns an active, public category with all its descendants.",
    access: "anyone",
    catalogue: true,
    params: {
      id: { description: "The category's id.", example: "pcat_01HK153X0344YKA0C8WJK8RBGR" },
    },
    query: productCategoryQuery,
    answers: { 200: singleAnswer("product_category", productCategory), 400: refusal, 404: refusal },
    handler: ({ params, query }) => categories.retrieve(params.id, query),
  }),
];
