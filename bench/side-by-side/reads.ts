import type { Sent } from "./http-load.ts";
import type { Shop } from "./shop.ts";

/** A read that is measured. */
export interface Read {
  readonly name: string;
  readonly sent: Sent;
  /** Whether Nettle keeps its answers in memory. */
  readonly isKept: boolean;
  /** Whether Medusa has it. */
  readonly isMedusas: boolean;
}

type Paths = Readonly<Record<string, string>>;

const pagesOf = ({ regionId }: Shop) =>
  `/products?limit=12&offset=0&region_id=${regionId}&currency_code=eur&is_giftcard=false`;

/** The reads of a storefront. */
export function readsOf(shop: Shop): Read[] {
  const page = pagesOf(shop);
  const [first] = shop.products;
  const place = `region_id=${shop.regionId}&currency_code=eur`;
  const kept: Paths = {
    "12 products": page,
    "12 products, expanded": `${page}&expand=variants,variants.prices,images,tags`,
    "100 products": `/products?limit=100&${place}`,
    "product by id": `/products/${first!.id}?${place}`,
    "product by handle": `/products?handle=${first!.handle}&${place}`,
    "category page": `${page}&category_id[]=${shop.categoryId}`,
    "list with q": `${page}&q=wool`,
    categories: "/product-categories?limit=6&offset=0",
    collections: "/collections?limit=6&offset=0",
    regions: "/regions",
  };
  const others: Paths = {
    "cart of 10 lines": `/carts/${shop.cartId}`,
    "shipping options": `/shipping-options/${shop.cartId}`,
  };
  return [...gets(kept, true), ...gets(others, false), search("search", { q: "wool" })];
}

/** The reads that show how a catalogue's size matters. */
export function readsOfManyProducts(shop: Shop): Read[] {
  const page = pagesOf(shop);
  const far = Math.max(0, Math.floor(shop.count * 0.95) - 12);
  const last = shop.products.at(-1)!;
  const place = `region_id=${shop.regionId}&currency_code=eur`;
  const lists: Paths = {
    "first page": page,
    "far page": page.replace("offset=0", `offset=${far}`),
    "sorted by title": `${page}&order=title`,
    "category page": `${page}&category_id[]=${shop.categoryId}`,
    "list with q": `${page}&q=merino%20tee`,
    "list with q, nothing found": `${page}&q=zeppelin`,
    "product by handle": `/products?handle=${last.handle}&${place}`,
  };
  const ours = gets({ "sorted by price": `${page}&order=price` }, true);
  return [
    ...gets(lists, true),
    ...ours.map((read) => ({ ...read, isMedusas: false })),
    search("search, two words", { q: "merino tee" }),
    search("search, misspelt", { q: "merno trousres" }),
    search("search, a word in every product", { q: "made" }),
    search("search, filtered", { q: "jacket", filter: "tags_value = Moss AND prices.eur < 5000" }),
    search("search, with facets", { q: "merino tee", facets: ["tags_value", "type_value"] }),
  ];
}

const gets = (paths: Paths, isKept: boolean): Read[] =>
  Object.entries(paths).map(([name, path]) => ({
    name,
    sent: { method: "GET", path: `/store${path}` },
    isKept,
    isMedusas: true,
  }));

/** Medusa's own search needs a plugin. */
const search = (name: string, body: object): Read => ({
  name,
  sent: {
    method: "POST",
    path: "/store/products/search",
    body: JSON.stringify({ limit: 12, ...body }),
  },
  isKept: false,
  isMedusas: false,
});
