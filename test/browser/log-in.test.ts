import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aCustomer } from "../support/builders.ts";
import { findProgram } from "../support/find-program.ts";
import { openShop } from "../support/open-shop.ts";

const program = findProgram("chromium");

describe.runIf(program)("a storefront in a real browser, on another port than the shop", () => {
  const shop = openShop({ settings: { STORE_CORS: "/^http:\\/\\/127\\.0\\.0\\.1:\\d+$/" } });
  let browser: Browser;
  let storefront: Server;
  let page: Page;
  beforeAll(async () => {
    await aCustomer(shop.knex, { email: "ada@example.com" });
    storefront = createServer((_req, res) =>
      res.setHeader("content-type", "text/html").end("<!doctype html><title>Shop</title>"),
    );
    await once(storefront.listen(0, "127.0.0.1"), "listening");
    browser = await chromium.launch({ executablePath: program!, args: ["--no-sandbox"] });
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(storefront.address() as { port: number }).port}/`);
  });
  afterAll(async () => {
    await browser?.close();
    await new Promise((done) => storefront.close(done));
  });

  /** Fetches from within the page, with its cookies. */
  const fetched = (method: string, path: string, body?: object) =>
    page.evaluate(
      async ({ url, init }) => {
        const answer = await fetch(url, { ...init, credentials: "include" });
        const text = await answer.text();
        return {
          status: answer.status,
          text,
          seen: (globalThis as unknown as { document: { cookie: string } }).document.cookie,
        };
      },
      {
        url: `${shop.url}${path}`,
        init: {
          method,
          ...(body
            ? { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }
            : {}),
        },
      },
    );

  it("logs in, reads the account and logs out with a cookie that scripts cannot read", async () => {
    expect((await fetched("GET", "/store/customers/me")).status).toBe(401);
    expect(
      (await fetched("POST", "/store/auth", { email: "ada@example.com", password: "wrong" }))
        .status,
    ).toBe(401);
    const answer = await fetched("POST", "/store/auth", {
      email: "ada@example.com",
      password: "correct-horse",
    });
    expect([answer.status, answer.seen]).toEqual([200, ""]);
    const account = await fetched("GET", "/store/customers/me");
    expect(JSON.parse(account.text).customer.email).toBe("ada@example.com");
    expect(
      (await page.context().cookies(shop.url)).map(({ name, httpOnly }) => [name, httpOnly]),
    ).toEqual([["connect.sid", true]]);
    expect((await fetched("DELETE", "/store/auth")).text).toBe("OK");
    expect((await fetched("GET", "/store/customers/me")).status).toBe(401);
    expect(await page.context().cookies(shop.url)).toEqual([]);
  });
});
