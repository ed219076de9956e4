import { beforeAll, describe, expect, it } from "vitest";
import { readMetrics } from "../catalogue-memory/memory-metrics.ts";
import type { ServerProcess } from "../start/build-program.ts";
import { clientAt } from "../support/api-client.ts";
import { createShopSetup, unwrap } from "./create-in-admin.ts";
import { openBoth } from "./open-both.ts";

const shop = openBoth();
let nettle: ServerProcess;
let uncached: ServerProcess;
beforeAll(async () => {
  nettle = await shop.serve({ METRICS_PORT: "0" });
  // Medusa itself keeps tax rates for half a minute.
  uncached = await shop.serve({ CATALOGUE_MEMORY: "0" });
});

const hits = async () => (await readMetrics(nettle)).get("catalogue_memory_hits_total") ?? 0;
const readAt = async ({ url }: ServerProcess, path: string) => (await clientAt(url).get(path)).text;

/** Reads until the answer comes from memory. */
async function keep(path: string) {
  await expect
    .poll(
      async () => {
        const before = await hits();
        await readAt(nettle, path);
        return (await hits()) - before;
      },
      { timeout: 10_000 },
    )
    .toBeGreaterThan(0);
}

describe("what Medusa's admin changes", () => {
  it("is seen in answers that were kept in memory", async () => {
    const { admin } = shop.medusa;
    const { regionId, variantId } = await createShopSetup(admin);
    const productId = (await shop.knex("product_variant").where({ id: variantId }).first())
      .product_id;
    const product = `/admin/products/${productId}`;
    const one = `/store/products/${productId}?region_id=${regionId}`;
    const all = `/store/products?limit=100&region_id=${regionId}`;
    const changes: (() => Promise<unknown>)[] = [
      () => unwrap(admin.post(product, { title: "A new title" }), "product"),
      () =>
        unwrap(
          admin.post(`${product}/variants/${variantId}`, {
            inventory_quantity: 41,
            prices: [{ currency_code: "eur", amount: 4_321 }],
          }),
          "product",
        ),
      () => createShopSetup(admin),
      () => unwrap(admin.post(`/admin/regions/${regionId}`, { tax_rate: 7 }), "region"),
      () => unwrap(admin.post(product, { tags: [{ value: "new" }] }), "product"),
    ];
    for (const change of changes) {
      await keep(one);
      await keep(all);
      const before = await readAt(nettle, all);
      await change();
      expect(await readAt(uncached, all)).not.toBe(before);
      for (const path of [one, all])
        await expect
          .poll(() => readAt(nettle, path), { timeout: 5_000 })
          .toBe(await readAt(uncached, path));
    }
    await keep(one);
    await unwrap(admin.post(product, { status: "draft" }), "product");
    await expect
      .poll(async () => (await clientAt(nettle.url).get(one)).status, { timeout: 5_000 })
      .toBe(404);
  });
});
