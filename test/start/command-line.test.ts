import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { buildProgram, type NettleProgram } from "./build-program.ts";

const COMMANDS = [
  ...["serve", "migrate", "doctor", "seed", "search", "import", "export", "compare"],
  ...["events", "mails", "webhooks", "providers"],
];

describe("the command line", () => {
  let program: NettleProgram;
  beforeAll(() => {
    program = buildProgram();
  });
  afterAll(() => program.remove());

  it.each([
    "serve",
    "migrate",
    "doctor",
    "seed",
    "search rebuild",
    "import",
    "export",
    "compare",
    "events",
    "mails",
    "webhooks add",
    "apply",
    "providers test",
  ])("shows the help of `%s` and does no work", async (command) => {
    const { code, out, error } = await program.run(`${command} --help`, {});
    expect([code, error]).toEqual([0, ""]);
    expect(out).toContain(`Usage: nettle ${command}`);
  });

  it("lists the commands", async () => {
    for (const words of ["help", "--help", "-h"]) {
      const { code, out } = await program.run(words, {});
      expect(code).toBe(0);
      for (const command of COMMANDS)
        expect(out).toMatch(new RegExp(`^ {2}${command}(?: \\[options\\])?(?: \\S+)? {2,}`, "m"));
    }
  });

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
