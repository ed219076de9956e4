import { demoCustomer } from "../../src/demo/demo-shop.ts";

/** What the shop at an address holds, as far as a storefront needs to know it. */
export interface Shop {
  readonly url: string;
  readonly regionId: string;
  readonly country: string;
  readonly optionId: string;
  readonly categoryId: string;
  readonly products: readonly { readonly id: string; readonly handle: string }[];
  /** How many products there are. */
  readonly count: number;
  /** Variants with a price; all have more stock than is sold. */
  readonly variants: readonly string[];
  /** A cart of ten lines. */
  readonly cartId: string;
  /** The demo customer's. */
  readonly token: string;
}

interface Products {
  readonly products: readonly {
    readonly id: string;
    readonly handle: string;
    readonly variants: readonly { readonly id: string; readonly calculated_price: number | null }[];
  }[];
  readonly count: number;
}

type AskShop = <T>(path: string, body?: object) => Promise<T>;

/** Returns the categories, those with the greatest numbers of products first. */
async function countsOfCategories(ask: AskShop): Promise<{ id: string; count: number }[]> {
  const { product_categories } = await ask<{ product_categories: { id: string }[] }>(
    "/product-categories",
  );
  const counts: { id: string; count: number }[] = [];
  for (const { id } of product_categories) {
    const { count } = await ask<Products>(`/products?limit=1&category_id[]=${id}`);
    counts.push({ id, count });
  }
  return counts.toSorted((one, other) => other.count - one.count || one.id.localeCompare(other.id));
}

/** Reads what there is to buy, and fills a cart with ten lines. */
export async function loadShop(url: string): Promise<Shop> {
  const ask: AskShop = async <T>(path: string, body?: object) => {
    const answer = await fetch(`${url}/store${path}`, {
      method: body ? "POST" : "GET",
      headers: { "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const { regions } = await ask<{
    regions: { id: string; name: string; countries: { iso_2: string }[] }[];
  }>("/regions");
  const region = regions.find(({ name }) => name === "Europe") ?? regions[0]!;
  const { products, count } = await ask<Products>(
    `/products?limit=100&is_giftcard=false&region_id=${region.id}`,
  );
  const categories = await countsOfCategories(ask);
  const variants = products
    .flatMap((product) => product.variants)
    .filter(({ calculated_price }) => calculated_price !== null)
    .map(({ id }) => id)
    .toSorted()
    .slice(0, 64);
  const { cart } = await ask<{ cart: { id: string } }>("/carts", {
    region_id: region.id,
    items: variants.slice(0, 10).map((id) => ({ variant_id: id, quantity: 1 })),
  });
  const { shipping_options } = await ask<{ shipping_options: { id: string }[] }>(
    `/shipping-options/${cart.id}`,
  );
  const { access_token } = await ask<{ access_token: string }>("/auth/token", demoCustomer);
  return {
    url,
    regionId: region.id,
    country: region.countries[0]!.iso_2,
    optionId: shipping_options[0]!.id,
    categoryId: categories[0]!.id,
    products: products.map(({ id, handle }) => ({ id, handle })),
    count,
    variants,
    cartId: cart.id,
    token: access_token,
  };
}
