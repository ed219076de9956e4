import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { buildSync } from "esbuild";
import { projectRoot } from "../../src/runtime/project-root.ts";

/** Bundles `run-counter.ts`. Each start is a process; `remove` ends them all. */
export function buildCounterProgram() {
  const outfile = join(projectRoot(), "dist", `counter-${randomBytes(4).toString("hex")}.js`);
  const entryPoints = [join(projectRoot(), "test/support/run-counter.ts")];
  buildSync({
    entryPoints,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    outfile,
  });
  const children: ChildProcess[] = [];
  return {
    /** Starts a process and returns its address. It may kill itself after its first commit. */
    start: async (
      databaseUrl: string,
      mode: "normal" | "killed-after-commit" = "normal",
    ): Promise<string> => {
      const child = spawn(process.execPath, [outfile, databaseUrl, mode], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      children.push(child);
      const [url] = await once(createInterface({ input: child.stdout }), "line");
      return url;
    },
    remove: () => {
      for (const child of children) if (child.exitCode === null) child.kill("SIGKILL");
      rmSync(outfile);
    },
  };
}
