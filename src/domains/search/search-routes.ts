import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { searchAnswer, searchBody } from "./search-schemas.ts";
import type { SearchService } from "./search-service.ts";

/** The endpoint of the product search, which finds words rather than parts of text. */
export const searchRoutes = (search: SearchService, maxRows: number): Route[] => [
  route("POST /store/products/search", {
    summary: "Search Products",
    description:
      "Returns published products of the sales channels in scope, best hits first: " +
      "an exact SKU, barcode or handle, then products with the words in their title. " +
      "Words match as prefixes and without accents; words of five letters or more " +
      "may contain a typo. If no product has all words, the last ones are dropped.",
    access: "anyone",
    publishableKey: true,
    body: searchBody(maxRows),
    answers: { 200: searchAnswer, 400: refusal, 404: refusal },
    handler: ({ body, ctx }) => search.search(ctx, body),
  }),
];
