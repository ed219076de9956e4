import { afterAll, describe, expect, it } from "vitest";
import { aProduct } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import { openTcpProxy, type TcpProxy } from "../support/open-tcp-proxy.ts";

describe("a listener whose connection forwards nothing any more", () => {
  let proxy: TcpProxy | undefined;
  const shop = openShop({
    settings: { CATALOGUE_MEMORY: "1mb" },
    openListenUrl: async (databaseUrl) => {
      proxy = await openTcpProxy(databaseUrl);
      return proxy.url;
    },
  });
  afterAll(() => proxy?.close());

  it("serves nothing from memory, and everything anew when it returns", async () => {
    await expect.poll(() => shop.memory.isCurrent, { timeout: 5_000 }).toBe(true);
    const product = await aProduct(shop.knex, { title: "Before" });
    const path = `/store/products/${product.id}`;
    const title = async () => (await shop.get(path)).body.product.title;
    await title();
    proxy?.hold(true);
    await expect.poll(() => shop.memory.isCurrent, { timeout: 5_000 }).toBe(false);
    expect(shop.memory.bytes).toBe(0);
    await shop.knex("product").where({ id: product.id }).update({ title: "After" });
    expect(await title()).toBe("After");
    expect(await title()).toBe("After");
    expect(shop.memory.bytes).toBe(0);
    proxy?.hold(false);
    await expect.poll(() => shop.memory.isCurrent, { timeout: 10_000 }).toBe(true);
    await shop.knex("product").where({ id: product.id }).update({ title: "Later" });
    await expect.poll(title, { timeout: 2_000 }).toBe("Later");
  });
});
