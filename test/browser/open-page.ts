import type { Browser, BrowserContextOptions, Page } from "playwright-core";

/** A browser takes its time on a busy machine. */
export const WAIT_MS = 120_000;

/** A page in a window of its own, and what went wrong in it. */
export interface OpenPage {
  readonly page: Page;
  /** The servers that it has asked for something. */
  readonly hosts: ReadonlySet<string>;
  /** Exceptions, and errors in the console. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

/** Opens an address in a window of its own, which has no cookies. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  const hosts = new Set<string>();
  const errors: string[] = [];
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith("http")) hosts.add(host);
  });
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(url);
  return { page, hosts, errors, close: () => context.close() };
}

/** Returns by how many pixels a page is wider than its window. */
export const sidewaysOf = (page: Page): Promise<number> =>
  page.evaluate("document.documentElement.scrollWidth - innerWidth");

/** Presses Tab until the focus is at something with this name. Returns how often it was pressed. */
export async function tabTo(page: Page, name: RegExp, limit = 40): Promise<number> {
  for (let presses = 1; presses <= limit; presses++) {
    await page.keyboard.press("Tab");
    if (name.test(await focusedName(page))) return presses;
  }
  throw new Error(`Tab does not reach ${name}; the focus is at ${await focusedName(page)}`);
}

/** Returns the name of what has the focus. */
export const focusedName = (page: Page): Promise<string> =>
  page.evaluate(`(() => {
    const { ariaLabel, textContent } = document.activeElement;
    return ariaLabel ?? textContent.trim();
  })()`);

/** Returns the width of the outline around what has the focus, in pixels; 0 if there is none. */
export const focusOutline = (page: Page): Promise<number> =>
  page.evaluate(`(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
    return outlineStyle === "none" ? 0 : parseFloat(outlineWidth);
  })()`);
