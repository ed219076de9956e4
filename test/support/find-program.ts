import { execFileSync } from "node:child_process";

/**
 * Where a program of the machine is. Without it, the stories that need it are left out and this
 * says so; where CI is set, which installs them, that is a failure.
 */
export function findProgram(name: string): string | undefined {
  try {
    return execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
  } catch {
    if (process.env["CI"]) throw new Error(`CI needs ${name} on the PATH`);
    console.warn(`No ${name} here: the stories that need it are left out`);
    return;
  }
}
