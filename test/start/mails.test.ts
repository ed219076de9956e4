import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { clientAt } from "../support/api-client.ts";
import { aFilledCart, aShopSetup } from "../support/builders.ts";
import { decodeMail, type MailServer, openMailServer } from "../support/mail-server.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { buildProgram } from "./build-program.ts";

const program = buildProgram();
let folder: string;
let database: TestDatabase;
let server: MailServer;
beforeAll(async () => {
  database = await openDatabase();
  server = await openMailServer();
});
afterAll(async () => {
  program.remove();
  await server.close();
  await database.drop();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nettle-shop-"));
  server.mails.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

const settings = (more: Record<string, string> = {}) => ({
  DATABASE_URL: database.url,
  JWT_SECRET: "jwt-secret",
  COOKIE_SECRET: "cookie-secret",
  RATE_LIMIT: "off",
  SMTP_URL: server.url,
  MAIL_FROM: "Shop <shop@example.com>",
  ...more,
});

function write(name: string, content: string): void {
  const file = join(folder, "mails", name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** Orders at a server by HTTP. Returns the order. */
async function order(url: string) {
  const shop = { ...clientAt(url), knex: database.knex };
  const cart = await aFilledCart(shop, await aShopSetup(database.knex));
  return (await shop.post(`/store/carts/${cart}/complete`)).body.data;
}

const delivered = () =>
  vi.waitFor(async () => expect(await database.knex("nettle_delivery")).toEqual([]), {
    timeout: 20_000,
  });

it.each([
  [
    "a broken template",
    { MAIL_TEMPLATES: "./mails" },
    /order\.placed is wrong in de: .*html, line:2/,
  ],
  [
    "a folder that there is not",
    { MAIL_TEMPLATES: "./none" },
    /names \.\/none, which is no folder/,
  ],
  ["an unknown mail", { MAILS: "order.placed,order.shipped" }, /MAILS names "order\.shipped"/],
  ["an unknown language", { MAIL_LANGUAGE: "german language" }, /MAIL_LANGUAGE must be a language/],
])("the server does not start with %s", async (_, wrong: Record<string, string>, message) => {
  write("order.placed/mail.html", "<p>Hello</p>\n{{ order.nummer }}");
  const started = await program.run("serve", { PORT: "0", ...settings(wrong) }, folder);
  expect([started.code, started.error]).toEqual([1, expect.stringMatching(message)]);
});

it("an order is confirmed by the shop's own template, once after a kill", async () => {
  write("order.placed/en.json", '{ "subject": "Good choice: {{ order.display_id }}" }');
  const own = settings({ MAIL_TEMPLATES: "./mails" });
  server.rejectNext = 1;
  const first = await program.serve(own, folder);
  const placed = await order(first.url);
  await vi.waitFor(() => expect(server.rejectNext).toBeLessThan(1), { timeout: 20_000 });
  first.signal("SIGKILL");
  await first.ended();
  const second = await program.serve(own, folder);
  await database.knex("nettle_delivery").update({ due_at: new Date() });
  await delivered();
  expect(server.mails).toHaveLength(1);
  expect(decodeMail(server.mails[0]!)).toContain(`Subject: Good choice: ${placed.display_id}`);
  second.signal("SIGTERM");
  expect(await second.ended()).toBe(0);
});

it("a mail that is sent twice, since a kill came between, has one Message-ID", async () => {
  const first = await program.serve(settings(), folder);
  server.answers = false;
  await order(first.url);
  await vi.waitFor(() => expect(server.mails).toHaveLength(1), { timeout: 20_000 });
  first.signal("SIGKILL");
  await first.ended();
  server.answers = true;
  const second = await program.serve(settings(), folder);
  await database.knex("nettle_delivery").update({ due_at: new Date() });
  await delivered();
  const ids = server.mails.map((mail) => /^Message-ID: (\S+)$/im.exec(mail)?.[1]);
  expect(ids).toEqual([expect.stringMatching(/^<evt_\w+@example\.com>$/), ids[0]]);
  second.signal("SIGTERM");
  await second.ended();
});

it.each<[string, Record<string, string>, number]>([
  ["by Medusa alone where it hears of our events", { EVENTS_FOR_MEDUSA: "on" }, 0],
  ["by us where the shop says so", { EVENTS_FOR_MEDUSA: "on", MAILS: "order.placed" }, 1],
  ["by nobody where the shop wants no mails", { MAILS: "none" }, 0],
])("an order is confirmed %s", async (_, more, count) => {
  const serving = await program.serve(settings(more), folder);
  await order(serving.url);
  await delivered();
  expect(server.mails).toHaveLength(count);
  serving.signal("SIGTERM");
  await serving.ended();
});

it.each([
  ["mails --port x", "--port must be a number from 0 to 65535, not x."],
  ["mails --order 999999", "There is no order 999999."],
  ["mails --order", "argument missing"],
  ["mails send-test ada", "ada is no e-mail address."],
  ["mails send-test ada@example.com --mail order", 'There is no mail "order".'],
])("`%s` is refused", async (command, message) => {
  const { code, error } = await program.run(command, settings(), folder);
  expect([code, error]).toEqual([1, expect.stringContaining(message)]);
});

it("`mails send-test` sends one mail, or says why it does not", async () => {
  const send = (more: Record<string, string>) =>
    program.run("mails send-test ada@example.com --language de", settings(more), folder);
  expect(await send({ SMTP_URL: "" })).toMatchObject({
    code: 1,
    error: expect.stringContaining("SMTP_URL is not set"),
  });
  server.rejectNext = 1;
  expect(await send({})).toMatchObject({
    code: 1,
    error: expect.stringContaining("was not sent to ada@example.com: Message failed: 451"),
  });
  expect((await send({})).out).toBe("order.placed in de was sent to ada@example.com\n");
  expect(server.mails.map(decodeMail)).toEqual([
    expect.stringContaining("Subject: Ihre Bestellung 1042"),
  ]);
});

it("`mails --write` writes every mail in every language, and sends none", async () => {
  const { code, out } = await program.run("mails --write ./out", {}, folder);
  expect([code, out]).toEqual([0, expect.stringMatching(/^\d+ mails are in \.\/out\n$/)]);
  const files = readdirSync(join(folder, "out"));
  for (const ending of ["html", "txt", "subject.txt"]) {
    expect(files).toContain(`order.placed.de.${ending}`);
    expect(files).toContain(`customer.password_reset.en.${ending}`);
  }
  const subject = readFileSync(join(folder, "out", "order.placed.de.subject.txt"), "utf8");
  expect(subject).toBe("Ihre Bestellung 1042\n");
  expect(server.mails).toEqual([]);
});

it("`mails` shows an order of the shop; a reload shows a changed template", async () => {
  const serving = await program.serve(settings({ MAILS: "none" }), folder);
  const placed = await order(serving.url);
  serving.signal("SIGTERM");
  await serving.ended();

  write("order.placed/en.json", '{ "heading": "First" }');
  const page = await startPreview(`mails --port 0 --order ${placed.display_id}`, {
    ...settings({ MAIL_TEMPLATES: "./mails" }),
  });
  const get = async (path: string, headers = {}) => {
    const answer = await fetch(page.url + path, { headers });
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  };
  const mail = "/mail.html?mail=order.placed&language=en&sample=0";
  const shown = await get("/?mail=order.placed&language=en&sample=0");
  expect(shown.status).toBe(200);
  expect(shown.text).toContain(`<h1>Your order ${placed.display_id}</h1>`);
  expect(shown.text).toContain('<iframe sandbox title="HTML, narrow" width="360"');
  expect(shown.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect((await get(mail)).text).toContain("First");
  write("order.placed/en.json", '{ "heading": "Second" }');
  expect((await get(mail)).text).toContain("Second");
  write("order.placed/mail.txt", "{% if %}<script>");
  expect(await get("/?mail=order.placed&language=en")).toMatchObject({
    status: 422,
    text: expect.stringContaining("mail.txt, line:1"),
  });
  expect((await get("/../package.json")).status).toBe(404);
  expect((await get("/demo/pictures/..%2f..%2fdemo-shop.ts")).status).toBe(404);
  expect((await get("/demo/pictures/billy-kettle-1.webp")).status).toBe(200);
  expect(server.mails).toEqual([]);
  page.child.kill("SIGTERM");
});

it("`mails` answers no other site", async () => {
  const page = await startPreview("mails --port 0", {});
  const { request } = await import("node:http");
  const status = await new Promise((resolve) =>
    request(page.url, { headers: { host: "evil.example" } }, (answer) =>
      resolve(answer.statusCode),
    ).end(),
  );
  expect(status).toBe(403);
  page.child.kill("SIGTERM");
});

/** Starts a preview and waits for its address. */
async function startPreview(
  command: string,
  more: Record<string, string>,
): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [program.file, ...command.split(" ")], {
    cwd: folder,
    env: { PATH: process.env["PATH"], ...more },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.on("data", (part) => {
    out += String(part);
  });
  await vi.waitFor(() => expect(out).toMatch(/http:\S+/), { timeout: 20_000 });
  return { url: /http:\S+/.exec(out)![0], child };
}
