import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { demoCustomer } from "../../src/demo/demo-shop.ts";
import { type OpenDemo, openDemo } from "../api-examples/open-demo.ts";
import { send } from "../api-examples/record-examples.ts";
import { findProgram } from "../support/find-program.ts";
import {
  focusedName,
  focusOutline,
  type OpenPage,
  openPage,
  sidewaysOf,
  tabTo,
  WAIT_MS,
} from "./open-page.ts";
import { weakTexts } from "./weak-texts.ts";

const program = findProgram("chromium");

describe.runIf(program)("the API reference in a real browser", { timeout: 2 * WAIT_MS }, () => {
  let demo: OpenDemo;
  let browser: Browser;
  let opened: OpenPage | undefined;
  beforeAll(async () => {
    // Not the address at which the page is opened, as behind a proxy.
    demo = await openDemo({ NETTLE_PUBLIC_URL: "https://shop.example" });
    browser = await chromium.launch({ executablePath: program!, args: ["--no-sandbox"] });
  }, WAIT_MS);
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  /** Opens the reference at an operation. */
  async function openAt(operation: string, options = {}, url = demo.server.url): Promise<Page> {
    opened = await openPage(browser, `${url}/docs#tag/${operation}`, options);
    await testButton(opened.page, operation).waitFor();
    return opened.page;
  }

  const testButton = (page: Page, operation: string) =>
    page.locator(`[id$="/tag/${operation}"]`).getByRole("button", { name: "Test Request" });

  /** Opens the client of an operation. */
  async function openClient(page: Page, operation: string) {
    await testButton(page, operation).click();
    const client = page.getByRole("dialog", { name: "API Client" });
    await client.getByRole("button", { name: /^Send (get|post)/i }).waitFor();
    return client;
  }

  /** Sends the request of the open client, and waits until its answer is shown. */
  async function sendRequest(page: Page, shown: string) {
    const client = page.getByRole("dialog", { name: "API Client" });
    const path = /\/store\//;
    const [answer] = await Promise.all([
      page.waitForResponse(path),
      client.getByRole("button", { name: /^Send (get|post)/i }).click(),
    ]);
    await client.getByText(shown).first().waitFor();
    return { status: answer.status(), url: answer.url(), body: await answer.json() };
  }

  it("shows guides and operations, and loads nothing from elsewhere", async () => {
    const page = await openAt("auth/POST/store/auth");
    for (const name of ["Pagination", "Webhooks", "Swaps", "Customer Login"])
      await page.getByText(name).first().waitFor({ state: "attached" });
    expect(await page.getByText(demoCustomer.password).count()).toBeGreaterThan(0);
    expect([...opened!.hosts]).toEqual([new URL(demo.server.url).host]);
    expect(opened!.errors).toEqual([]);
  });

  it("says what it is before the viewer has come", async () => {
    opened = await openPage(browser, "about:blank", { javaScriptEnabled: false });
    await opened.page.goto(`${demo.server.url}/docs`);
    expect(await opened.page.getByRole("heading").allTextContents()).toEqual(["Nettle Store API"]);
    await opened.page.getByRole("link", { name: "OpenAPI document" }).waitFor();
    await opened.page.getByRole("link", { name: "Postman collection" }).waitFor();
  });

  it("sends the token that is entered", async () => {
    const { body } = await send(demo.server.url, "POST /store/auth/token", {
      body: { ...demoCustomer },
    });
    const page = await openAt("customers/GET/store/customers/me");
    const client = await openClient(page, "customers/GET/store/customers/me");
    await client.getByPlaceholder("Token").fill((body as { access_token: string }).access_token);
    expect(await sendRequest(page, "Lindqvist")).toMatchObject({
      status: 200,
      body: { customer: { email: demoCustomer.email } },
    });
  });

  it("logs in by its own form, and then sends the cookie by itself", async () => {
    const page = await openAt("auth/POST/store/auth");
    await openClient(page, "auth/POST/store/auth");
    expect(await sendRequest(page, "Lindqvist")).toMatchObject({ status: 200 });
    await page.getByRole("button", { name: "Close Client" }).click();
    await page.evaluate("location.hash = 'tag/customers/GET/store/customers/me'");
    await openClient(page, "customers/GET/store/customers/me");
    expect(await sendRequest(page, "Lindqvist")).toMatchObject({
      status: 200,
      body: { customer: { email: demoCustomer.email } },
    });
  });

  it("has presets that work as they come, at the address where it was opened", async () => {
    const url = demo.server.url.replace("127.0.0.1", "localhost");
    const page = await openAt("carts/POST/store/carts", {}, url);
    await openClient(page, "carts/POST/store/carts");
    const cart = await sendRequest(page, "variant_");
    expect(cart).toMatchObject({ status: 200, url: `${url}/store/carts` });
    expect(cart.body.cart.items).toHaveLength(1);
    await page.getByRole("button", { name: "Close Client" }).click();
    await page.evaluate("location.hash = 'tag/products/POST/store/products/search'");
    await openClient(page, "products/POST/store/products/search");
    const search = await sendRequest(page, "hits");
    expect(search).toMatchObject({ status: 200, url: `${url}/store/products/search` });
    expect(search.body.hits.length).toBeGreaterThan(0);
    expect([...opened!.hosts]).toEqual([new URL(url).host]);
    expect(opened!.errors).toEqual([]);
  });

  it("is used by the keyboard alone, and shows where the focus is", async () => {
    opened = await openPage(browser, `${demo.server.url}/docs`);
    const { page } = opened;
    await page.getByRole("heading", { name: "Introduction" }).waitFor();
    await tabTo(page, /Open Search/, 3);
    expect(await focusOutline(page)).toBe(2);
    await tabTo(page, /^Pagination/);
    expect(await focusOutline(page)).toBe(2);
    await page.keyboard.press("Control+k");
    await expect.poll(() => focusedName(page), { timeout: WAIT_MS }).toBe("Enter search query");
    await page.keyboard.type("store/customers/me");
    await page.getByRole("dialog").getByText("/store/customers/me").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect.poll(() => focusedName(page), { timeout: WAIT_MS }).toMatch(/^Get a Customer/);
    expect(await tabTo(page, /Test Request/)).toBeLessThan(20);
    expect(await focusOutline(page)).toBe(2);
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "API Client" }).waitFor();
    await tabTo(page, /^Send/);
    expect(await focusOutline(page)).toBe(2);
    const answer = page.waitForResponse(/\/store\/customers\/me/);
    await page.keyboard.press("Enter");
    expect((await answer).status()).toBe(401);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "API Client" }).waitFor({ state: "hidden" });
  });

  it("fits a narrow screen, with a menu that opens and closes", async () => {
    const viewport = { width: 360, height: 740 };
    const page = await openAt("carts/POST/store/carts", { viewport });
    expect(await sidewaysOf(page)).toBe(0);
    const entry = page.getByRole("button", { name: "Idempotency", exact: true });
    expect(await entry.isVisible()).toBe(false);
    await page.getByRole("button", { name: "Open Menu" }).click();
    await entry.waitFor();
    expect(await sidewaysOf(page)).toBe(0);
    await entry.click();
    await entry.waitFor({ state: "hidden" });
    await page.getByRole("heading", { name: "Idempotency" }).waitFor();
    expect(await sidewaysOf(page)).toBe(0);
    await page.evaluate("location.hash = 'tag/carts/POST/store/carts'");
    await openClient(page, "carts/POST/store/carts");
    expect(await sidewaysOf(page)).toBe(0);
    expect(opened!.errors).toEqual([]);
  });

  it.each(["light", "dark"] as const)("is %s where the desktop is, and legible", async (scheme) => {
    const page = await openAt("carts/POST/store/carts", { colorScheme: scheme });
    expect(await page.evaluate("document.body.className")).toBe(`${scheme}-mode`);
    const brightness = "getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]";
    const isBright = Number(await page.evaluate(brightness)) > 127;
    expect(isBright).toBe(scheme === "light");
    await openClient(page, "carts/POST/store/carts");
    // The client fades in.
    await expect.poll(() => weakTexts(page), { timeout: 20_000 }).toEqual([]);
  });
});
