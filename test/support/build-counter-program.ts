import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { buildSync } from "esbuild";
import { projectRoot } from "../../src/runtime/project-root.ts";

/** Bundles the till's program; each start is a process, and `remove` ends them all. */
export function buildCounterProgram() {
  const outfile = join(projectRoot(), "dist", `till-${randomBytes(4).toString("hex")}.js`);
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
    /** Its address; one that `dies` is killed between the first commit and its answer. */
    start: async (databaseUrl: string, lifespan: "lives" | "dies" = "lives"): Promise<string> => {
      const child = spawn(process.execPath, [outfile, databaseUrl, lifespan], {
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
