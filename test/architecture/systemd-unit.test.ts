import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { findProgram } from "../support/find-program.ts";

const unit = readFileSync(join(projectRoot(), "docs/examples/nettle.service"), "utf8");
const systemdAnalyze = findProgram("systemd-analyze");

const folder = mkdtempSync(join(tmpdir(), "nettle-unit-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Has systemd read a unit with this project's places. Returns its complaints. */
function complaintsAbout(text: string): string {
  const file = join(folder, "nettle.service");
  const placed = text
    .replaceAll("/opt/nettle", projectRoot())
    .replaceAll("/usr/bin/node", process.execPath);
  writeFileSync(file, placed);
  return execFileSync("sh", ["-c", `"$0" verify "$1" 2>&1 || true`, systemdAnalyze!, file], {
    encoding: "utf8",
  });
}

describe("docs/examples/nettle.service", () => {
  it.runIf(systemdAnalyze)("is understood by systemd, which would name a misspelt line", () => {
    expect(complaintsAbout(unit)).not.toContain("nettle.service");
    expect(complaintsAbout(unit.replace("KillMode=", "KilMode="))).toContain("KilMode");
  });

  it("waits longer for Nettle to stop than Nettle takes at most", () => {
    const seconds = Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]);
    const closing = 10;
    expect(seconds).toBeGreaterThan(readConfig({}).shutdownSeconds + closing);
  });

  it("gives Nettle no rights, and lets the engine write machine code", () => {
    for (const line of ["DynamicUser=yes", "CapabilityBoundingSet=", "ProtectSystem=strict"])
      expect(unit.split("\n")).toContain(line);
    expect(unit).not.toContain("MemoryDenyWriteExecute");
  });
});
