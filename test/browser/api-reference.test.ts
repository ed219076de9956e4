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
  beforeEach(open);
  afterEach(() => context.close());

  async function open() {
    context = await browser.newContext({ viewport: { width: 1400, height: 1000 } });
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
  async function goTo(operation: string) {
    await page.goto(`${demo.server.url}/docs#${operation}`);
    await page.getByRole("button", { name: "Test Request" }).first().waitFor();
  }

  it("shows guides and operations, and loads nothing from elsewhere", async () => {
    await goTo("tag/auth/POST/store/auth");
    for (const name of ["Pagination", "Webhooks", "Swaps", "Customer Login"])
      await page.getByText(name).first().waitFor({ state: "attached" });
    expect(await page.getByText(demoCustomer.password).count()).toBeGreaterThan(0);
    expect([...hosts]).toEqual([new URL(demo.server.url).host]);
    expect(errors).toEqual([]);
  });
});
