import { listAnswer, singleAnswer } from "../../graph/answer-schema.ts";
import { product } from "../../graph/entities/catalogue-entities.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { productQuery, productsQuery } from "./product-schemas.ts";
import type { ProductService } from "./product-service.ts";

/** The endpoints that show the products a storefront sells. */
export const productRoutes = (products: ProductService, maxRows: number): Route[] => [
  route("GET /store/products", {
    summary: "List Products",
    description:
      "Returns published products of the sales channels in scope, newest first. " +
      "With a region, a cart or a currency, prices are calculated.",
    access: "anyone",
    catalogue: true,
    publishableKey: true,
    query: productsQuery(maxRows),
    answers: { 200: listAnswer("products", product), 400: refusal, 404: refusal },
    handler: ({ query, ctx }) => products.list(ctx, query),
  }),
  route("GET /store/products/:id", {
    summary: "Get a Product",
    description:
      "Returns a published product. With a region, a cart or a currency, prices are calculated.",
    access: "anyone",
    catalogue: true,
    publishableKey: true,
    params: {
      id: { description: "The product's id.", example: "prod_01HK153X0775XD5YYKA5Q1TKEG" },
    },
    query: productQuery,
    answers: { 200: singleAnswer("product", product), 400: refusal, 404: refusal },
    handler: ({ params, query, ctx }) => products.retrieve(ctx, params.id, query),
  }),
];
