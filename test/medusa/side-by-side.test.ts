import supertest from "supertest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientAt, createApiClient } from "../support/api-client.ts";
import { findProgram } from "../support/find-program.ts";
import { createVariant } from "./create-in-admin.ts";
import { admin } from "./medusa-program.ts";
import { openBoth } from "./open-both.ts";
import { startNginx } from "./start-nginx.ts";

const shop = openBoth();
const nginx = findProgram("nginx");
const ends: (() => Promise<void>)[] = [];
afterAll(async () => void (await Promise.all(ends.map((end) => end()))));

const fronts = [
  {
    front: "Nettle with FALLBACK_URL",
    open: async () => (await shop.serve({ FALLBACK_URL: shop.medusa.url })).url,
  },
  ...(nginx
    ? [
        {
          front: "nginx",
          open: async () => {
            const started = await startNginx(nginx, {
              nettle: shop.nettle.url,
              medusa: shop.medusa.url,
            });
            ends.push(started.stop);
            return started.url;
          },
        },
      ]
    : []),
];

describe.each(fronts)("one address for both servers: $front", ({ open }) => {
  let url: string;
  beforeAll(async () => {
    url = await open();
  });
  const openBrowser = () => createApiClient(() => supertest.agent(url));
  const aCustomer = { email: "", password: "correct horse" };

  /** Nettle's answers have an id of their request; Medusa's have none. */
  const isNettles = async (path: string, method = "GET") =>
    (await fetch(url + path, { method })).headers.get("content-security-policy") ===
    "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'";

  it("gives the Store API to Nettle, however it is spelt", async () => {
    for (const path of ["/store/products", "/store/regions/", "/Store/regions", "/store/carts/x"])
      expect(await isNettles(path), path).toBe(true);
    for (const path of ["/store%2Fregions", "//store/regions", "/%73tore/regions"])
      expect(await isNettles(path), path).toBe(true);
  });

  it("gives the routes of the shop's plugins to Medusa", async () => {
    expect(await isNettles("/store/brands")).toBe(false);
    const { status, body } = await clientAt(url).get("/store/brands");
    expect({ status, body }).toMatchObject({ status: 200, body: { brands: ["Nettle"] } });
  });

  it("shares the customer's session and token", async () => {
    const browser = openBrowser();
    const email = `ada-${Math.random()}@example.com`;
    const { body } = await browser.post("/store/customers", {
      ...aCustomer,
      ...{ email, first_name: "Ada", last_name: "Byron" },
    });
    const own = { status: 200, body: { customer_id: body.customer.id } };
    expect(await browser.get("/store/brands/mine")).toMatchObject(own);
    const { body: login } = await clientAt(url).post("/store/auth/token", { ...aCustomer, email });
    const headers = { Authorization: `Bearer ${login.access_token}` };
    expect(await clientAt(url).get("/store/brands/mine", headers)).toMatchObject(own);
    expect((await clientAt(url).get("/store/brands/mine")).status).toBe(401);
    await browser.delete("/store/auth");
    expect((await browser.get("/store/brands/mine")).status).toBe(401);
  });

  it("lets the admin work on what the storefront shows", async () => {
    const { body } = await clientAt(url).post("/admin/auth/token", admin);
    const authorization = `Bearer ${body.access_token}`;
    const client = createApiClient(
      () => supertest.agent(url).set("authorization", authorization) as never,
    );
    const variant = await createVariant(client);
    const path = `/store/products/${variant.product_id}`;
    await expect.poll(async () => (await clientAt(url).get(path)).status).toBe(200);
    await client.post(`/admin/products/${variant.product_id}`, { title: "Renamed" });
    await expect
      .poll(async () => (await clientAt(url).get(path)).body.product.title)
      .toBe("Renamed");
  });

  it("passes large bodies on", async () => {
    const sent = await fetch(`${url}/brands/picture`, {
      method: "POST",
      body: new Uint8Array(5_000_000),
    });
    expect(await sent.json()).toEqual({ bytes: 5_000_000 });
  });
});
