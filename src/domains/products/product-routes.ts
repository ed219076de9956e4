import { listAnswer, singleAnswer } from "../../graph/answer-schema.ts";
import { product } from "../../graph/entities/catalogue-entities.ts";
import { refusal } from "../../http/refusal.ts";
import { type Route, route } from "../../http/route.ts";
import { productQuery, productsQuery } from "./product-schemas.ts";
import type { ProductService } from "./product-service.ts";

/** The products a storefront sells. */
export const productRoutes = (products: ProductService, mostRows: number): Route[] => [
  route("GET /store/products", {
    summary: "List products",
    description:
      "Published products of the sales channels in scope, newest first. Give a region or a currency to have prices calculated.",
    caller: "anyone",
    catalogue: true,
    publishableKey: true,
    query: productsQuery(mostRows),
    answers: { 200: listAnswer("products", product), 400: refusal, 404: refusal },
    work: ({ query, call }) => products.list(call, query),
  }),
  route("GET /store/products/:id", {
    summary: "Get a product",
    caller: "anyone",
    catalogue: true,
    publishableKey: true,
    params: { id: { description: "The product's id.", example: "prod_01HZX3W8V0C6C4Y0GBKPF2XH7C" } },
    query: productQuery,
    answers: { 200: singleAnswer("product", product), 400: refusal, 404: refusal },
    work: ({ params, query, call }) => products.retrieve(call, params.id, query),
  }),
];
