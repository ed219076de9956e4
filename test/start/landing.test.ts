import { execFileSync } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findProgram } from "../support/find-program.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { buildProgram, type NettleProgram, type ServerProcess } from "./build-program.ts";

let program: NettleProgram;
let folder: string;
let database: TestDatabase;
beforeAll(async () => {
  program = buildProgram();
  folder = await mkdtemp(join(tmpdir(), "nettle-landing-"));
  // PostgreSQL does not run as root: the user it runs as must get in.
  await chmod(folder, 0o755);
  database = await openDatabase();
});
afterAll(async () => {
  program.remove();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const HTML = { accept: "text/html,*/*;q=0.8" };

async function readPage(url: string, headers: Record<string, string> = HTML) {
  const answer = await fetch(url, { headers });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

/** Sends a request with a Host that `fetch` would not send. */
function readAs(host: string, { port }: ServerProcess, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { port, host: "127.0.0.1", path, headers: { ...HTML, host } },
      (answer) => {
        let text = "";
        answer.on("data", (part) => {
          text += String(part);
        });
        answer.on("end", () => resolve(text));
      },
    );
    asked.on("error", reject).end();
  });
}

describe("the page at / of the demo shop", () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await program.serve({ NETTLE_DATA: folder });
  });
  afterAll(async () => {
    server.signal("SIGTERM");
    await server.ended();
  });

  it("shows the shop, its customer, codes and the address at which it was opened", async () => {
    const { status, headers, text } = await readPage(`${server.url}/`);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toContain("text/html");
    expect(headers.get("content-security-policy")).toContain("script-src 'self'");
    for (const shown of ["Hollin &#38; Tarn", "mara@example.com", "walk-the-fells", "WELCOME10"])
      expect(text).toContain(shown);
    for (const code of ["TAKE20", "FREEPOST", "TWOEACH", "FIRST50", "WARMHANDS", "SPRING25"])
      expect(text).toContain(`<code>${code}</code>`);
    expect(text).toContain("TARN-PINE-WALK-0100");
    expect(text).toContain(`<code>${server.url}</code>`);
  });

  it("loads nothing from elsewhere, and everything that it names", async () => {
    const { text } = await readPage(`${server.url}/`);
    const loaded = [...text.matchAll(/<(?:img|script|link)[^>]* (?:src|href)="([^"]+)"/g)].map(
      ([, path]) => path!,
    );
    expect(loaded.length).toBeGreaterThan(8);
    const linked = [...text.matchAll(/<a href="(\/[^"]*)"/g)].map(([, path]) => path!);
    for (const path of [...loaded, ...linked]) {
      expect(path).toMatch(/^\//);
      expect((await fetch(`${server.url}${path}`)).status, path).toBe(200);
    }
    expect(text).not.toMatch(/<script>|style=|onclick/);
  });

  it("is short text for other clients, and not sent again to who has it", async () => {
    const { text, headers } = await readPage(`${server.url}/`, { accept: "*/*" });
    expect(headers.get("content-type")).toContain("text/plain");
    expect(text).toContain(`${server.url}/docs`);
    const etag = headers.get("etag")!;
    const again = await readPage(`${server.url}/`, {
      accept: "*/*",
      "if-none-match": etag,
      // Else `fetch` asks for a new answer.
      "cache-control": "max-age=0",
    });
    expect(again).toMatchObject({ status: 304, text: "" });
    const head = await fetch(`${server.url}/`, { method: "HEAD", headers: HTML });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  it("shows no host that is forged", async () => {
    const text = await readAs('shop"><script>alert(1)</script>', server, "/");
    expect(text).toContain("<h1>Hollin");
    expect(text).not.toContain("alert(1)");
    expect(await readAs("phone.test:9000", server, "/")).toContain("http://phone.test:9000/store");
  });

  it.runIf(findProgram("curl"))("has lines that work as they are copied", async () => {
    const { text } = await readPage(`${server.url}/`);
    const blocks = [...text.matchAll(/<pre[^>]*><code>(.*?)<\/code>/gs)]
      .map(([, code]) => code!.replace(/&#(\d+);/g, (_, number) => String.fromCharCode(number)))
      .filter((code) => code.includes("curl"));
    expect(blocks).toHaveLength(5);
    const answers = blocks.map((lines) =>
      execFileSync("sh", ["-c", lines.replaceAll("curl ", "curl -sf ")], {
        cwd: folder,
        encoding: "utf8",
      }),
    );
    expect(answers).toEqual([
      expect.stringContaining('"products":[{'),
      expect.stringContaining("Billy"),
      expect.stringContaining('"orders":[{"'),
      expect.stringContaining('"type":"order"'),
      expect.stringContaining('"order_edit":{'),
    ]);
  });

  it("has pictures that follow the address", async () => {
    const path = "/store/products?limit=1&fields=thumbnail&expand=";
    for (const host of ["phone.test:9000", "127.0.0.1:81", "phone.test:9000"]) {
      const { products } = JSON.parse(await readAs(host, server, path));
      expect(products[0].thumbnail).toMatch(new RegExp(`^http://${host}/demo/pictures/`));
    }
    const { products } = JSON.parse(await readAs('"evil', server, path));
    expect(products[0].thumbnail).toMatch(/^http:\/\/localhost:\d+\/demo\/pictures\//);
  });
});

describe("the page at / of a shop that is not the demo", () => {
  const open = async (settings: Record<string, string>) => {
    const server = await program.serve({
      DATABASE_URL: database.url,
      JWT_SECRET: "a-secret-of-a-test",
      COOKIE_SECRET: "a-secret-of-a-test",
      ...settings,
    });
    const page = await readPage(`${server.url}/`);
    server.signal("SIGTERM");
    await server.ended();
    return page;
  };

  it("shows what runs, and no demo", async () => {
    const { status, text } = await open({});
    expect(status).toBe(200);
    expect(text).toContain("PostgreSQL");
    expect(text).not.toMatch(/mara|walk-the-fells|Hollin/);
  });

  it("is off in production, unless it is asked for", async () => {
    expect(await open({ NODE_ENV: "production" })).toMatchObject({
      status: 404,
      text: expect.stringContaining("There is no GET /"),
    });
    const asked = await open({ NODE_ENV: "production", LANDING_PAGE: "on" });
    expect(asked).toMatchObject({ status: 200, text: expect.not.stringContaining("mara") });
    expect((await open({ LANDING_PAGE: "off" })).status).toBe(404);
  });
});
