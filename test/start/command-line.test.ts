import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { buildProgram, type NettleProgram } from "./build-program.ts";

/** All commands, as the help lists them. */
const COMMANDS = [
  ...["serve", "migrate", "doctor", "seed", "apply", "import", "export", "search", "events"],
  ...["webhooks", "mails", "providers", "compare", "help"],
];
const WITH_SUBCOMMANDS = [
  ...["search rebuild", "events list", "events retry", "webhooks add", "webhooks list"],
  ...["webhooks remove", "webhooks dead", "webhooks retry", "mails send-test", "mails list"],
  "providers test",
];

describe("the command line", () => {
  let program: NettleProgram;
  const database = createServer();
  beforeAll(async () => {
    program = buildProgram();
    await once(database.listen(0, "127.0.0.1"), "listening");
  });
  afterAll(() => {
    program.remove();
    database.close();
  });

  it.each([...COMMANDS.filter((name) => name !== "help"), ...WITH_SUBCOMMANDS])(
    "shows the help of `%s` and does no work",
    async (command) => {
      let connections = 0;
      database.removeAllListeners("connection").on("connection", (socket) => {
        connections += 1;
        socket.destroy();
      });
      const { port } = database.address() as AddressInfo;
      const settings = { DATABASE_URL: `postgres://shop@127.0.0.1:${port}/shop` };
      const { code, out, error } = await program.run(`${command} --help`, settings);
      expect([code, error, connections]).toEqual([0, "", 0]);
      expect(out).toContain(`Usage: nettle ${command}`);
      expect(out).toContain(`\nExamples:\n  nettle ${command}`);
    },
  );

  it("lists the commands, each below its group", async () => {
    const listed = (out: string) =>
      [...out.slice(out.indexOf("\nCommands:")).matchAll(/^ {2}([a-z][\w-]*)(?: [[<].*)? {2,}\S/gm)]
        .map(([, name]) => name!)
        .filter((name) => name !== "nettle");
    for (const words of ["help", "--help", "-h"]) {
      const { code, out } = await program.run(words, {});
      expect([code, listed(out)]).toEqual([0, COMMANDS]);
    }
    const groups = [...new Set(WITH_SUBCOMMANDS.map((words) => words.split(" ")[0]!))];
    for (const group of groups) {
      const { out } = await program.run(`${group} --help`, {});
      const found = listed(out).filter((name) => name !== "help");
      expect(found.map((name) => `${group} ${name}`)).toEqual(
        WITH_SUBCOMMANDS.filter((words) => words.startsWith(`${group} `)),
      );
    }
  }, 120_000);

  it("prints the version", async () => {
    const { version } = JSON.parse(readFileSync(join(projectRoot(), "package.json"), "utf8"));
    expect(await program.run("--version", {})).toEqual({
      code: 0,
      out: `${version}\n`,
      error: "",
    });
  });

  it.each([
    ["serve --port 9000", "unknown option '--port'"],
    ["migrate now", "too many arguments for 'migrate'"],
    ["seed --force", "unknown option '--force'"],
    ["migrate --jason", "error: unknown option '--jason'\n(Did you mean --json?)"],
    ["apply", "missing required argument 'file'"],
    ["aply shop.yaml", "error: unknown command 'aply'\n(Did you mean apply?)"],
    ["imprt", "error: unknown command 'imprt'\n(Did you mean import?)"],
    ["srve", "error: unknown command 'srve'\n(Did you mean serve?)\nRun `node dist/"],
    ["mails lst", "error: unknown command 'lst'\n(Did you mean list?)"],
    ["search rebuild --jsn", "error: unknown option '--jsn'\n(Did you mean --json?)"],
    ["search", "Usage: nettle search"],
    ["webhooks", "Usage: nettle webhooks"],
    ["providers", "Usage: nettle providers"],
  ])("refuses `%s`", async (command, message) => {
    const { code, out, error } = await program.run(command, {});
    expect([code, out]).toEqual([1, ""]);
    expect(error).toContain(message);
  });
});
