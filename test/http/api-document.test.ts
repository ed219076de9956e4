import { Validator } from "@seriousme/openapi-schema-validator";
import request from "supertest";
import { describe, expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import { composeShop } from "../../src/compose.ts";
import { createProviders } from "../../src/providers/providers.ts";
import { createLog } from "../../src/runtime/log.ts";
import { createEchoApp, testConfig } from "./create-echo-app.ts";

const { app, knex } = createEchoApp();
const connections = {
  knex,
  redis: undefined,
  providers: createProviders(10),
  log: createLog("silent"),
};

describe("the API document", () => {
  it("is valid OpenAPI 3.1", async () => {
    const shop = createApp(testConfig(), connections, composeShop(testConfig(), connections));
    for (const one of [app, shop]) {
      const { body } = await request(one).get("/openapi.json");
      expect(body.openapi).toBe("3.1.0");
      expect(await new Validator().validate(body)).toEqual({ valid: true });
      expect(danglingIn(body)).toEqual([]);
    }
  });

  it("describes endpoints, parameters, bodies and access", async () => {
    const { paths } = (await request(app).get("/openapi.json")).body;
    const { get, post } = paths["/store/things/{id}"];
    expect(get).toMatchObject({ operationId: "getThingsById", tags: ["Things"] });
    expect(
      get.parameters.map((parameter: { name: string; in: string }) => [
        parameter.name,
        parameter.in,
      ]),
    ).toEqual([
      ["id", "path"],
      ["id", "query"],
      ["q", "query"],
    ]);
    expect(post.operationId).toBe("postThingsById");
    expect(paths["/store/customers/me"].post).toMatchObject({
      security: [{ cookie: [] }, { bearer: [] }],
      requestBody: {
        required: true,
        content: { "application/json": { schema: { required: ["name"] } } },
      },
      responses: { 200: {}, 400: {}, 401: {} },
    });
  });
});

describe("the catalogue in the API document", () => {
  interface Parameter {
    readonly name: string;
    readonly description?: string;
    readonly schema: { readonly examples?: readonly unknown[] };
  }
  const rooms = "products|variants|collections|product-|regions|return-reasons|gift-cards";
  const catalogue = new RegExp(`^/store/(${rooms}|shipping-options)`);
  const shop = createApp(testConfig(), connections, composeShop(testConfig(), connections));

  it("describes every parameter, with an example", async () => {
    const { paths } = (await request(shop).get("/openapi.json")).body;
    const reads = Object.entries<{ get?: { parameters: Parameter[] } }>(paths).filter(([path]) =>
      catalogue.test(path),
    );
    const bare = reads.flatMap(([path, { get }]) =>
      (get?.parameters ?? [])
        .filter(({ description, schema }) => !description || schema.examples?.length !== 1)
        .map(({ name }) => `${path} ${name}`),
    );
    expect(reads.length).toBeGreaterThanOrEqual(16);
    expect(bare).toEqual([]);
  });

  it("lists the allowed fields and relations, and where a publishable key counts", async () => {
    const { paths } = (await request(shop).get("/openapi.json")).body;
    const saysOf = (path: string, method: string, name: string) =>
      paths[path][method].parameters.find((parameter: Parameter) => parameter.name === name)
        ?.description;
    for (const path of [
      "products",
      "products/{id}",
      "variants",
      "variants/{id}",
      "regions",
      "product-categories",
    ]) {
      for (const name of ["expand", "fields"])
        expect(saysOf(`/store/${path}`, "get", name), path).toContain("Allowed: `");
    }
    for (const path of ["products", "products/{id}", "variants", "variants/{id}"])
      expect(saysOf(`/store/${path}`, "get", "x-publishable-api-key"), path).toBeDefined();
    expect(saysOf("/store/products/search", "post", "x-publishable-api-key")).toBeDefined();
  });
});

describe("the docs page", () => {
  it("loads its own files only", async () => {
    const page = await request(app).get("/docs");
    expect(page.status).toBe(200);
    expect(page.headers["content-security-policy"]).toContain("script-src 'self';");
    const loaded = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
    expect(loaded.length).toBeGreaterThan(2);
    for (const address of loaded) {
      expect(address).toMatch(/^(docs\/|openapi\.json$|postman\.json$)/);
      expect((await request(app).get(`/${address}`)).status).toBe(200);
    }
  });

  it("has files that are compressed, and that browsers may keep for good", async () => {
    const { text } = await request(app).get("/docs");
    const files = [...text.matchAll(/docs\/\w+-[\da-f.]+\.\w+/g)].map(([path]) => path);
    expect(files).toHaveLength(4);
    for (const file of files) {
      const { headers } = await request(app).get(`/${file}`);
      expect(headers["content-encoding"]).toBe("gzip");
      expect(headers["cache-control"]).toBe("public, max-age=31536000, immutable");
      const brotli = await request(app).get(`/${file}`).set("Accept-Encoding", "gzip, br");
      expect(brotli.headers["content-encoding"]).toBe("br");
      const plain = await request(app).get(`/${file}`).set("Accept-Encoding", "identity");
      expect(plain.headers["content-encoding"]).toBeUndefined();
    }
  });

  it("and the document are not sent again to who has them", async () => {
    for (const path of ["/docs", "/openapi.json", "/postman.json"]) {
      const { headers } = await request(app).get(path);
      expect(headers["cache-control"]).toBe("public, no-cache");
      const again = await request(app).get(path).set("If-None-Match", headers["etag"]!);
      expect([again.status, again.text], path).toEqual([304, ""]);
    }
  });

  it("is found with a slash at its end, too", async () => {
    const { status, headers } = await request(app).get("/docs/");
    expect([status, headers["location"]]).toEqual([308, "../docs"]);
  });

  it("serves no other files of the package", async () => {
    for (const path of ["/docs/package.json", "/docs/..%2f..%2fpackage.json", "/docs/index.html"]) {
      expect((await request(app).get(path)).status).toBe(404);
    }
  });
});

/** Returns the names of schemas that are referenced but missing. */
function danglingIn(document: { components: { schemas: Record<string, unknown> } }): string[] {
  const pointed = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
  return [...pointed]
    .map((match) => match[1]!)
    .filter((name) => !(name in document.components.schemas));
}
