import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { findProgram } from "../support/find-program.ts";
import { type OpenDemo, openDemo } from "./open-demo.ts";

const folder = join(projectRoot(), "src/http/openapi/guides");
const guides = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(join(folder, name), "utf8"),
}));

/** The titles of what Medusa's reference begins with, and of our own chapters. */
const titles = [
  ...["Introduction", "Authentication", "HTTP Compression", "Publishable API Key"],
  ...["Expanding Fields", "Selecting Fields", "Query Parameter Types", "Pagination"],
  ...["Errors", "Money", "Regions and Prices", "Idempotency", "Limits", "CORS", "Webhooks"],
];

/** Returns the code of a guide in a language, one text for each block. */
const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)]
    .filter(([, name]) => name === language)
    .map(([, , code]) => code!);

/** What the samples of a guide must print. */
const expected: Readonly<Record<string, RegExp>> = {
  "02-authentication.md": /(mara@example\.com.*){3}/s,
  "05-expanding-fields.md": /"variants":\[\{.*"prices":\[\{.*"collection":\{/,
  "06-selecting-fields.md": /^\{"products":\[\{"title":"[^"]+","handle":"[^"]+",/,
  "09-errors.md": /property colour should not exist/,
  "11-regions-and-prices.md": /calculated_price_incl_tax":\d{4}/,
  "12-idempotency.md": /"id":"(cart_\w+)".*\n.*"id":"\1"/,
  "13-limits.md": /RateLimit-Policy: \d+;w=\d+/i,
  "14-cors.md": /Access-Control-Allow-Origin: http:\/\/localhost:8000/i,
};

describe("the guides of the API document", () => {
  let demo: OpenDemo;
  let work: string;
  beforeAll(async () => {
    demo = await openDemo();
    work = mkdtempSync(join(tmpdir(), "nettle-guides-"));
  });
  afterAll(async () => {
    await demo.close();
    rmSync(work, { recursive: true, force: true });
  });
  const here = (code: string) => code.replaceAll("http://localhost:9000", demo.server.url);

  it("are those of Medusa's reference and our own, in this order", () => {
    expect(guides.map(({ text }) => /^# (.*)$/m.exec(text)?.[1])).toEqual(titles);
  });

  describe.runIf(findProgram("curl"))("their commands", () => {
    it.each(guides)("of $name work", async ({ name, text }) => {
      const fails = name === "09-errors.md" ? "" : "--fail-with-body";
      const script = [
        "set -euo pipefail",
        `curl() { command curl -sS ${fails} "$@"; echo; }`,
        ...blocks(here(text), "sh"),
      ].join("\n");
      const { stdout } = await promisify(execFile)("bash", ["-c", script], { cwd: work });
      if (script.includes("http")) expect(stdout.length).toBeGreaterThan(20);
      expect(stdout).toMatch(expected[name] ?? /^/);
    });
  });

  it.each(guides)("$name: its JavaScript works", async ({ name, text }) => {
    const code = blocks(here(text), "js");
    const answers: Response[] = [];
    const recording = async (...request: Parameters<typeof fetch>) => {
      const answer = await fetch(...request);
      answers.push(answer);
      return answer;
    };
    // A block is a module of its own, which may await.
    for (const block of code) {
      const body = `return (async () => {${block}})()`;
      await new Function("fetch", "console", body)(recording, { log() {}, error() {} });
    }
    const statuses = answers.map(({ status }) => status);
    const wanted: Readonly<Record<string, readonly number[]>> = {
      "02-authentication.md": [200, 200, 200, 401],
      "09-errors.md": [400],
    };
    expect(statuses).toEqual(wanted[name] ?? statuses.map(() => 200));
    if (code.join().includes("fetch(")) expect(statuses.length).toBeGreaterThan(0);
  });
});
