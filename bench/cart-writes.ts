import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildProgram } from "../test/start/build-program.ts";

/**
 * Measures each kind of cart write with 1, 10 and 100 lines on the demo shop, and a read as the
 * share of the response alone. Fails when the slowest write with 100 lines takes more than five
 * times as long as the slowest with one.
 */
const ROUNDS = 40;
const MAX_RATIO = 5;

const folder = await mkdtemp(join(tmpdir(), "nettle-bench-"));
await chmod(folder, 0o755);
const program = buildProgram();
const server = await program.serve({ NETTLE_DATA: folder, RATE_LIMIT: "off", LOG_LEVEL: "warn" });

interface Answer {
  readonly cart: { readonly id: string; readonly items: readonly { readonly id: string }[] };
}

async function request<T = Answer>(method: string, path: string, body?: unknown): Promise<T> {
  const init = {
    method,
    headers: { "content-type": "application/json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  };
  const answer = await fetch(`${server.url}${path}`, init);
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as T;
}

/**
 * Returns the median time of each operation in milliseconds. The operations run in turn, so that
 * other load on the machine falls on all of them alike.
 */
async function medians(operations: readonly (() => Promise<unknown>)[]): Promise<number[]> {
  const times: number[][] = operations.map(() => []);
  for (let round = -3; round < ROUNDS; round++) {
    for (const [index, operation] of operations.entries()) {
      const begin = performance.now();
      await operation();
      if (round >= 0) times[index]?.push(performance.now() - begin);
    }
  }
  return times.map(
    (each) => each.toSorted((one, other) => one - other)[Math.floor(ROUNDS / 2)] ?? 0,
  );
}

interface Shop {
  readonly regionId: string;
  readonly variants: readonly string[];
}

async function aCart({ regionId, variants }: Shop, lines: number): Promise<Answer["cart"]> {
  const items = Array.from({ length: lines }, (_, index) => ({
    variant_id: variants[index % variants.length],
    quantity: 1,
  }));
  return (await request("POST", "/store/carts", { region_id: regionId, items })).cart;
}

/** Returns the kinds of writes to a cart with that many lines, and a read. */
async function writesOn(
  shop: Shop,
  lines: number,
): Promise<Record<string, () => Promise<unknown>>> {
  const { id, items } = await aCart(shop, lines);
  const line = items[0]?.id;
  let count = 1;
  return {
    create: () => aCart(shop, lines),
    add: () =>
      request("POST", `/store/carts/${id}/line-items`, {
        variant_id: shop.variants[0],
        quantity: 1,
      }),
    change: () =>
      request("POST", `/store/carts/${id}/line-items/${line}`, { quantity: 1 + (count++ % 3) }),
    region: () => request("POST", `/store/carts/${id}`, { region_id: shop.regionId }),
    context: () => request("POST", `/store/carts/${id}`, { context: { visit: count++ } }),
    taxes: () => request("POST", `/store/carts/${id}/taxes`),
    read: () => request("GET", `/store/carts/${id}`),
  };
}

try {
  const { regions } = await request<{ regions: { id: string }[] }>("GET", "/store/regions");
  const regionId = regions[0]!.id;
  const { products } = await request<{ products: Product[] }>(
    "GET",
    `/store/products?limit=100&region_id=${regionId}`,
  );
  const variants = products.flatMap((product) =>
    product.variants.filter(hasEnoughStock).map(({ id }) => id),
  );
  const shop = { regionId, variants };
  const sizes = [1, 10, 100];
  const kinds = await Promise.all(sizes.map((lines) => writesOn(shop, lines)));
  console.log(`median of ${ROUNDS}, ms   ${row(sizes.map((lines) => `${lines} lines`))}`);
  const slowest = sizes.map(() => 0);
  for (const name of Object.keys(kinds[0]!)) {
    const times = await medians(kinds.map((operations) => operations[name]!));
    console.log(`${name.padEnd(18)}${row(times.map((time) => time.toFixed(1)))}`);
    for (const [index, time] of times.entries()) slowest[index] = Math.max(slowest[index]!, time);
  }
  const ratio = slowest.at(-1)! / slowest[0]!;
  const times = row(slowest.map((time) => time.toFixed(1)));
  console.log(`${"slowest".padEnd(18)}${times}   ${ratio.toFixed(1)} times`);
  process.exitCode = ratio > MAX_RATIO ? 1 : 0;
} finally {
  server.signal("SIGTERM");
  await server.ended();
  program.remove();
  await rm(folder, { recursive: true, force: true });
}

function row(cells: readonly string[]): string {
  return cells.map((cell) => cell.padStart(11)).join("");
}

interface Product {
  readonly variants: readonly {
    readonly id: string;
    readonly inventory_quantity: number;
    readonly manage_inventory: boolean;
    readonly calculated_price: number | null;
  }[];
}

function hasEnoughStock({
  inventory_quantity,
  manage_inventory,
  calculated_price,
}: Product["variants"][number]): boolean {
  return calculated_price !== null && (!manage_inventory || inventory_quantity > 5);
}
