import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { searchAnswer, searchBody } from "./search-schemas.ts";
import type { SearchService } from "./search-service.ts";

/** The search for products, by words rather than by parts of text. */
export const searchRoutes = (search: SearchService, maxRows: number): Route[] => [
  route("POST /store/products/search", {
    summary: "Search products",
    description:
      "Published products of the sales channels in scope, the best hits first: a SKU, bar code or handle in full, then what has the words in its title. " +
      "Words may be beginnings, accents do not count, and from five letters on a slip is forgiven. Where no product has all words, the last ones are left out.",
    access: "anyone",
    publishableKey: true,
    body: searchBody(maxRows),
    answers: { 200: searchAnswer, 400: refusal, 404: refusal },
    handler: ({ body, ctx }) => search.search(ctx, body),
  }),
];
