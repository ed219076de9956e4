import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type OpenDemo, openDemo } from "../api-examples/open-demo.ts";
import { findProgram } from "../support/find-program.ts";
import { focusOutline, type OpenPage, openPage, sidewaysOf, tabTo, WAIT_MS } from "./open-page.ts";
import { weakTexts } from "./weak-texts.ts";

const program = findProgram("chromium");

describe.runIf(program)("the page at / in a real browser", { timeout: 2 * WAIT_MS }, () => {
  let demo: OpenDemo;
  let browser: Browser;
  let opened: OpenPage;
  beforeAll(async () => {
    demo = await openDemo({ NETTLE_PUBLIC_URL: "" });
    browser = await chromium.launch({ executablePath: program!, args: ["--no-sandbox"] });
  }, WAIT_MS);
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });
  afterEach(() => opened.close());

  async function open(options = {}, url = demo.server.url): Promise<Page> {
    opened = await openPage(browser, `${url}/`, options);
    return opened.page;
  }

  const brokenPictures = (page: Page): Promise<number> =>
    page.evaluate("[...document.images].filter((one) => one.naturalWidth === 0).length");

  it.each([360, 768, 1280])("fits a window of %i pixels, with all its pictures", async (width) => {
    const page = await open({ viewport: { width, height: 800 } });
    expect(await sidewaysOf(page)).toBe(0);
    expect(await page.locator("img").count()).toBe(8);
    expect(await brokenPictures(page)).toBe(0);
    expect([...opened.hosts]).toEqual([new URL(demo.server.url).host]);
    expect(opened.errors).toEqual([]);
  });

  it.each(["light", "dark"] as const)("is %s where the desktop is, and legible", async (scheme) => {
    const page = await open({ colorScheme: scheme });
    const brightness = "getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]";
    expect(Number(await page.evaluate(brightness)) > 127).toBe(scheme === "light");
    expect(await weakTexts(page)).toEqual([]);
  });

  it("copies its lines, with the address where it was opened", async () => {
    const url = demo.server.url.replace("127.0.0.1", "localhost");
    const permissions = ["clipboard-read", "clipboard-write"];
    const page = await open({ permissions }, url);
    await page.getByRole("button", { name: "Copy" }).first().click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(
      `curl '${url}/store/products?limit=3&fields=title,handle&expand='`,
    );
  });

  it("is used by the keyboard alone, and leads to the reference", async () => {
    const page = await open();
    await tabTo(page, /^Reference/, 5);
    expect(await focusOutline(page)).toBe(2);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/docs");
  });
});
