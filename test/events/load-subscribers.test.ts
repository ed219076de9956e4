import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { StartupError } from "../../src/core/startup-error.ts";
import { eventNames } from "../../src/events/event-names.ts";
import { loadSubscribers } from "../../src/events/load-subscribers.ts";
import type { EventName } from "../../src/events/subscribers.ts";
import { signatureOf } from "../../src/events/webhooks/signature.ts";
import { createLog } from "../../src/runtime/log.ts";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";

describe("a shop's subscribers", () => {
  const folder = mkdtempSync(join(tmpdir(), "nettle-subscribers-"));
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openDatabase();
  });
  afterAll(async () => {
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  const load = (names: string[], seconds = 60) =>
    loadSubscribers(
      names,
      { knex: database.knex, mailer: undefined, log: createLog("silent"), seconds },
      folder,
    );
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return `./${name}`;
  };
  const hear = async (file: string, name: EventName, data: object, seconds = 60) => {
    const [subscriber] = await load([file], seconds);
    const event = { id: "evt_1", name, data, createdAt: new Date(0), attempt: 1 };
    return subscriber!.handlers.get(name)!(event as never);
  };

  it.each([
    ["export const other = {};", "whose default export must be an object"],
    ["export default [];", "whose default export must be an object"],
    ["export default () => {};", "whose default export must be an object"],
    ["export default {};", "which listens to no event"],
    ["export default { 'order.placd': () => {} };", 'listens to "order.placd", which this server'],
    ["export default { 'order.placed': 1 };", 'for "order.placed" is not a function'],
    ["throw new Error('no key');", "which cannot be loaded: no key"],
    ["export default {", "which cannot be loaded"],
  ])("are refused at the start: %s", async (text, message) => {
    const name = write(`wrong-${Math.random()}.mjs`, text);
    const refused = load([name]);
    await expect(refused).rejects.toBeInstanceOf(StartupError);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toThrow(name);
  });

  it("are refused where there are none, or one is named twice", async () => {
    await expect(load(["./none.js"])).rejects.toThrow("./none.js, which cannot be found from");
    const name = write("twice.mjs", "export default { 'order.placed': () => {} };");
    await expect(load([name, name])).rejects.toThrow("names ./twice.mjs twice");
  });

  it.each([
    ["mine.mjs", "export default { 'order.placed': HANDLER };"],
    ["mine.cjs", "module.exports = { 'order.placed': HANDLER };"],
    ["built.cjs", "exports.__esModule = true; exports.default = { 'order.placed': HANDLER };"],
  ])("may be ES modules and CommonJS: %s", async (name, text) => {
    const handler = "async (event, tools) => { throw new Error(JSON.stringify(event)); }";
    const file = write(name, text.replace("HANDLER", handler));
    await expect(hear(file, "order.placed", { id: "order_1" })).rejects.toThrow(
      '{"id":"evt_1","name":"order.placed","data":{"id":"order_1"},' +
        '"createdAt":"1970-01-01T00:00:00.000Z","attempt":1}',
    );
  });

  it("are as the guide shows them", async () => {
    const guide = readFileSync(join(projectRoot(), "docs/events.md"), "utf8");
    const [, example] = /```js\n(\/\/ mine\.js\n[\s\S]*?)```/.exec(guide)!;
    const [subscriber] = await load([write("guide.mjs", example!)]);
    expect([...subscriber!.handlers.keys()]).toEqual(["order.placed"]);
  });

  it("check a signature as the guide shows it", async () => {
    const guide = readFileSync(join(projectRoot(), "docs/events.md"), "utf8");
    const [, check] = /```js\n(import \{ createHmac[\s\S]*?)```/.exec(guide)!;
    write("check.mjs", check!.replace("function", "export function"));
    const { isGenuine } = await import(/* @vite-ignore */ join(folder, "check.mjs"));
    const now = new Date();
    expect(isGenuine("{}", signatureOf("{}", "key", now), "key")).toBe(true);
    for (const header of [
      signatureOf("{ }", "key", now),
      signatureOf("{}", "another", now),
      signatureOf("{}", "key", new Date(now.getTime() - 400_000)),
      "t=1,v1=2",
    ])
      expect(isGenuine("{}", header, "key"), header).toBe(false);
  });

  it("name every event in the guide", () => {
    const guide = readFileSync(join(projectRoot(), "docs/events.md"), "utf8");
    const table = guide.slice(guide.indexOf("## The events"));
    const isNamed = (name: string) =>
      table.includes(`\`${name}\``) || table.includes(`\`.${name.split(".")[1]}\``);
    expect(eventNames.filter((name) => !isNamed(name))).toEqual([]);
  });

  it("read the database, and fail where they send a mail without a mail server", async () => {
    const file = write(
      "query.mjs",
      `export default { 'order.placed': async ({ data }, { query }) => {
        const [row] = await query("select $1::text as id", [data.id]);
        throw new Error(row.id);
      }, 'cart.updated': (event, { sendMail }) => sendMail({ to: "a@example.com" }) };`,
    );
    await expect(hear(file, "order.placed", { id: "order_7" })).rejects.toThrow("order_7");
    await expect(hear(file, "cart.updated", { id: "cart_1" })).rejects.toThrow("SMTP_URL");
  });

  it("fail when their time is over, and are told so", async () => {
    const file = write(
      "hanging.mjs",
      `export default { 'order.placed': (event, { signal }) => new Promise(() => {
        signal.addEventListener("abort", () => { globalThis.stopReason = signal.reason.message; });
      }) };`,
    );
    await expect(hear(file, "order.placed", {}, 1)).rejects.toThrow("No answer within 1 seconds");
    expect((globalThis as { stopReason?: string }).stopReason).toBe("No answer within 1 seconds");
  });
});
