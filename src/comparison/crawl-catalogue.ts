import { readAnswer } from "./read-answer.ts";

const PAGE = 100;

/** The lists that need no id, and what their rows are called. */
const LISTS = [
  ["regions", "regions"],
  ["collections", "collections"],
  ["product-categories", "product_categories"],
  ["product-types", "product_types"],
  ["product-tags", "product_tags"],
  ["return-reasons", "return_reasons"],
  ["shipping-options", "shipping_options"],
] as const;

/** The rows of a list that can be read one by one. */
const BY_ID = new Set(["regions", "collections", "product-categories", "return-reasons"]);

type Row = Readonly<Record<string, unknown>> & { readonly id: string };

/**
 * Returns the paths of what a storefront reads of the catalogue that a server shows: each list,
 * each row by its id, and of the first `products` products all that their pages ask for.
 * @throws Error if the server does not answer
 */
export async function crawlCatalogue(
  server: string,
  headers: Readonly<Record<string, string>>,
  products: number,
): Promise<string[]> {
  const rowsOf = async (path: string, name: string): Promise<Row[]> => {
    const { status, body } = await readAnswer(server, path, headers);
    if (status === 429) throw new Error(`${server} limits this address: set RATE_LIMIT_TRUSTED`);
    return status === 200 ? ((body as Record<string, Row[]>)[name] ?? []) : [];
  };
  const paths: string[] = [];
  let regions: string[] = [];
  for (const [list, name] of LISTS) {
    const path = `/store/${list}`;
    const rows = await rowsOf(path, name);
    paths.push(path, ...(BY_ID.has(list) ? rows.map(({ id }) => `${path}/${id}`) : []));
    if (list === "regions") regions = rows.map(({ id }) => id);
  }
  const region = regions[0] ? `region_id=${regions[0]}` : "limit=12";
  for (const id of regions)
    paths.push(
      `/store/products?limit=12&region_id=${id}`,
      `/store/shipping-options?region_id=${id}`,
    );
  for (let offset = 0; offset < products; offset += PAGE) {
    const limit = Math.min(PAGE, products - offset);
    const page = `/store/products?limit=${limit}&offset=${offset}`;
    const rows = await rowsOf(page, "products");
    paths.push(page, ...rows.flatMap((row) => pathsOfProduct(row, region)));
    if (rows.length < limit) break;
  }
  return paths;
}

function pathsOfProduct({ id, handle, variants }: Row, region: string): string[] {
  const [variant] = (variants ?? []) as readonly Row[];
  return [
    `/store/products/${id}?${region}`,
    ...(handle ? [`/store/products?handle=${encodeURIComponent(String(handle))}&${region}`] : []),
    ...(variant ? [`/store/variants/${variant.id}?${region}`] : []),
    `/store/shipping-options?product_ids=${id}`,
  ];
}
