import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectRoot } from "../../src/runtime/project-root.ts";

/** Copies what is under version control to a folder, and nothing that was built or installed. */
export function copyProject(folder: string): void {
  chmodSync(folder, 0o755);
  const words = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const files = execFileSync("git", words, { cwd: projectRoot(), encoding: "utf8" });
  for (const file of files.split("\0").filter(Boolean)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(projectRoot(), file), join(folder, file));
  }
}
