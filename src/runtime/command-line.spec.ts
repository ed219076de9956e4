import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandLineFor } from "./command-line.ts";

describe("the command line of an advice", () => {
  let root: string;
  let program: string;
  beforeAll(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "nettle-command-")));
    mkdirSync(join(root, "dist"));
    mkdirSync(join(root, "bin"));
    mkdirSync(join(root, "node_modules", ".bin"), { recursive: true });
    program = join(root, "dist", "nettle.js");
    writeFileSync(program, "");
    chmodSync(program, 0o755);
    symlinkSync(program, join(root, "bin", "nettle"));
    symlinkSync(program, join(root, "node_modules", ".bin", "nettle"));
  });
  afterAll(() => rmSync(root, { recursive: true }));

  const adviceFor = (environment: Record<string, string>, directory = root, file = program) =>
    commandLineFor("migrate", { environment, file, directory, root });

  it("is that of npm for a script of ours", () => {
    const script = { npm_package_json: join(root, "package.json"), npm_command: "run-script" };
    expect(adviceFor(script)).toBe("npm run nettle -- migrate");
  });

  it("names the program where it is on the PATH", () => {
    const onPath = { PATH: `/usr/bin:${join(root, "bin")}` };
    expect(adviceFor(onPath, "/")).toBe("nettle migrate");
    expect(adviceFor(onPath, "/", join(root, "bin", "nettle"))).toBe("nettle migrate");
  });

  it("does not count what npm adds to the PATH for a moment", () => {
    const ofNpx = { PATH: join(root, "node_modules", ".bin"), npm_command: "exec" };
    const file = join(root, "node_modules", ".bin", "nettle");
    expect(adviceFor(ofNpx, "/usr", file)).toBe(`node ${program} migrate`);
  });

  it("does not take another program of that name for ours", () => {
    const bin = join(root, "other");
    mkdirSync(bin);
    writeFileSync(join(bin, "nettle"), "");
    expect(adviceFor({ PATH: bin })).toBe("node dist/nettle.js migrate");
  });

  it("names the file otherwise, as seen from the working directory", () => {
    expect(adviceFor({})).toBe("node dist/nettle.js migrate");
    expect(adviceFor({ npm_package_json: "/elsewhere/package.json" }, "/usr")).toBe(
      `node ${program} migrate`,
    );
  });

  it("names the program that is built when a test runs its code", () => {
    expect(adviceFor({}, root, "/usr/bin/vitest")).toBe("node dist/nettle.js migrate");
  });
});
