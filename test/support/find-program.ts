import { execFileSync } from "node:child_process";

/**
 * Returns the path of a program. Without it, the tests that need it are skipped with a warning;
 * where CI is set, that is an error.
 */
export function findProgram(name: string): string | undefined {
  try {
    return execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
  } catch {
    if (process.env["CI"]) throw new Error(`CI needs ${name} on the PATH`);
    console.warn(`${name} is not installed: the tests that need it are skipped`);
    return;
  }
}
