import { performance } from "node:perf_hooks";

/**
 * Measures the completion of carts over HTTP, on servers that run already, each with its own shop:
 * `node bench/run.mjs checkouts URL [URL…]`. Completes one cart after another, then ten at once.
 * The servers take turns, so that other load on the machine falls on all of them alike. A ratio
 * above 1 means slower than the first server.
 */
const urls = process.argv.slice(2);
const ROUNDS = 5;
const CARTS = 20;
const AT_ONCE = [1, 10];

interface Shop {
  readonly url: string;
  readonly regionId: string;
  readonly country: string;
  readonly variants: readonly string[];
}

async function request<T>(url: string, method: string, path: string, body?: unknown): Promise<T> {
  const init = {
    method,
    headers: { "content-type": "application/json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  };
  const answer = await fetch(`${url}${path}`, init);
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${method} ${url}${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as T;
}

interface Catalogue {
  readonly products: readonly {
    readonly variants: readonly {
      readonly id: string;
      readonly inventory_quantity: number;
      readonly calculated_price: number | null;
    }[];
  }[];
}

/** Returns the shop's first region and the variants with the most stock. */
async function loadShop(url: string): Promise<Shop> {
  const { regions } = await request<{ regions: { id: string; countries: { iso_2: string }[] }[] }>(
    url,
    "GET",
    "/store/regions",
  );
  const { id: regionId, countries } = regions[0]!;
  const { products } = await request<Catalogue>(
    url,
    "GET",
    `/store/products?limit=100&region_id=${regionId}`,
  );
  const all = products
    .flatMap(({ variants }) => variants)
    .filter(({ calculated_price }) => calculated_price !== null);
  const plenty = all
    .toSorted((one, other) => other.inventory_quantity - one.inventory_quantity)
    .slice(0, 3);
  return { url, regionId, country: countries[0]!.iso_2, variants: plenty.map(({ id }) => id) };
}

/** Fills a cart with two lines, an address and a payment session. Returns its id. */
async function fillCart({ url, regionId, country, variants }: Shop): Promise<string> {
  const items = variants.slice(0, 2).map((variant_id) => ({ variant_id, quantity: 1 }));
  const { cart } = await request<{ cart: { id: string } }>(url, "POST", "/store/carts", {
    region_id: regionId,
    items,
  });
  const shipping_address = {
    first_name: "A",
    last_name: "B",
    address_1: "C",
    city: "D",
    postal_code: "1",
    country_code: country,
  };
  await request(url, "POST", `/store/carts/${cart.id}`, {
    email: "bench@example.com",
    shipping_address,
  });
  await request(url, "POST", `/store/carts/${cart.id}/payment-sessions`);
  return cart.id;
}

/** Completes carts, `atOnce` at a time. Returns the time of each in milliseconds. */
async function completeAll(shop: Shop, atOnce: number): Promise<number[]> {
  const carts: string[] = [];
  for (let number = 0; number < CARTS; number++) carts.push(await fillCart(shop));
  const times: number[] = [];
  const worker = async () => {
    for (let cart = carts.pop(); cart; cart = carts.pop()) {
      const begin = performance.now();
      await request(shop.url, "POST", `/store/carts/${cart}/complete`);
      times.push(performance.now() - begin);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return times;
}

function quantile(times: readonly number[], share: number): number {
  return times.toSorted((one, other) => one - other)[Math.floor((times.length - 1) * share)]!;
}

if (urls.length === 0) throw new Error("Name the address of a server, or of several to compare");
const shops = await Promise.all(urls.map(loadShop));
for (const shop of shops) await completeAll(shop, 1);
for (const atOnce of AT_ONCE) {
  const times: number[][] = shops.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, shop] of shops.entries())
      times[index]!.push(...(await completeAll(shop, atOnce)));
  }
  const [first] = times.map((each) => quantile(each, 0.5));
  for (const [index, each] of times.entries()) {
    const [median, p95] = [quantile(each, 0.5), quantile(each, 0.95)];
    const times = `median ${median.toFixed(1)} ms  p95 ${p95.toFixed(1)} ms`;
    const ratio = `${(median / first!).toFixed(2)} x`;
    console.log(`${atOnce} at once  ${shops[index]!.url}  ${times}  ${ratio}`);
  }
}
