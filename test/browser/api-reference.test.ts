import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { demoCustomer } from "../../src/demo/demo-shop.ts";
import { type OpenDemo, openDemo } from "../api-examples/open-demo.ts";
import { findProgram } from "../support/find-program.ts";

const program = findProgram("chromium");
/** The viewer takes its time on a busy machine. */
const WAIT_MS = 120_000;

describe.runIf(program)("the API reference in a real browser", { timeout: 2 * WAIT_MS }, () => {
  let demo: OpenDemo;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let hosts: Set<string>;
  let errors: string[];
  beforeAll(async () => {
    demo = await openDemo({ NETTLE_PUBLIC_URL: "https://shop.example" });
    browser = await chromium.launch({ executablePath: program!, args: ["--no-sandbox"] });
  }, WAIT_MS);
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });
  beforeEach(() => open());
  afterEach(() => context.close());

  async function open(options: Parameters<Browser["newContext"]>[0] = {}) {
    await context?.close();
    context = await browser.newContext({ viewport: { width: 1400, height: 1000 }, ...options });
    context.setDefaultTimeout(WAIT_MS);
    page = await context.newPage();
    hosts = new Set();
    errors = [];
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith("http")) hosts.add(url.host);
    });
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
  }

  /** Opens the page at an operation. */
  async function goTo(operation: string, host = demo.server.url) {
    await page.goto(`${host}/docs#${operation}`);
    await page.getByRole("button", { name: "Test Request" }).first().waitFor();
  }

  /** Sends the request of an operation as the page presets it, and returns the answer. */
  async function tryOut(title: string, method: string, path: string) {
    const section = page.locator("section", { has: page.getByRole("heading", { name: title }) });
    await section.getByRole("button", { name: "Test Request" }).last().click();
    const dialog = page.getByRole("dialog");
    const answered = page.waitForResponse(
      (response) =>
        new URL(response.url()).pathname === path && response.request().method() === method,
    );
    await dialog.getByRole("button", { name: "Send", exact: false }).first().click();
    const answer = await answered;
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    return answer;
  }

  it("shows guides and operations, and loads nothing from elsewhere", async () => {
    await goTo("tag/auth/POST/store/auth");
    for (const name of ["Introduction", "Pagination", "Webhooks", "Auth", "Swaps"])
      expect(await page.getByRole("link", { name, exact: true }).count(), name).toBeGreaterThan(0);
    expect(await page.getByText(demoCustomer.password).count()).toBeGreaterThan(0);
    expect([...hosts]).toEqual([new URL(demo.server.url).host]);
    expect(errors).toEqual([]);
  });

  it("tries requests out with a cookie, at the address where it was opened", async () => {
    const host = demo.server.url.replace("127.0.0.1", "localhost");
    await goTo("tag/auth/POST/store/auth", host);
    const login = await tryOut("Customer Login", "POST", "/store/auth");
    expect(login.status()).toBe(200);
    expect((await login.json()).customer.email).toBe(demoCustomer.email);
    await goTo("tag/customers/GET/store/customers/me", host);
    const account = await tryOut("Get a Customer", "GET", "/store/customers/me");
    expect(account.status()).toBe(200);
    expect(new URL(account.url()).host).toBe(new URL(host).host);
    expect([...hosts]).toEqual([new URL(host).host]);
  });

  it("tries requests out with a token", async () => {
    await goTo("tag/auth/POST/store/auth/token");
    const login = await tryOut("Customer Login (JWT)", "POST", "/store/auth/token");
    const { access_token } = await login.json();
    await page.getByPlaceholder("Token").first().fill(access_token);
    await goTo("tag/customers/GET/store/customers/me");
    const account = await tryOut("Get a Customer", "GET", "/store/customers/me");
    expect(account.request().headers()["authorization"]).toBe(`Bearer ${access_token}`);
    expect(account.status()).toBe(200);
  });

  it("is dark where the desktop is, and fits a narrow screen", async () => {
    await open({ viewport: { width: 360, height: 740 }, colorScheme: "dark" });
    await goTo("tag/auth/POST/store/auth");
    expect(await page.locator("body").getAttribute("class")).toContain("dark-mode");
    const width = await page.evaluate(
      () =>
        (globalThis as unknown as { document: { documentElement: { scrollWidth: number } } })
          .document.documentElement.scrollWidth,
    );
    expect(width).toBeLessThanOrEqual(360);
  });

  it("can be used by keyboard", async () => {
    await goTo("tag/auth/POST/store/auth");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("List Regions");
    await page
      .getByRole("option", { name: /List Regions/ })
      .first()
      .waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(/regions/);
  });
});
