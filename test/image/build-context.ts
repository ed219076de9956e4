import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Copies what `docker build` would send: the project's files without those that `.dockerignore`
 * names. Files that git ignores are left out, too, so that nothing of this machine is used.
 */
export function copyBuildContext(project: string, target: string): void {
  const isIgnored = ignoredBy(readFileSync(join(project, ".dockerignore"), "utf8"));
  const listed = execFileSync("git", ["ls-files", "-z", "-co", "--exclude-standard"], {
    cwd: project,
    encoding: "utf8",
  });
  for (const path of listed.split("\0")) {
    if (!path || isIgnored(path) || !existsSync(join(project, path))) continue;
    mkdirSync(dirname(join(target, path)), { recursive: true });
    cpSync(join(project, path), join(target, path));
  }
}

/** Reads `.dockerignore`: the last pattern that names a path, or a folder above it, decides. */
function ignoredBy(text: string): (path: string) => boolean {
  const patterns = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("#"))
    .map((line) => {
      const isException = line.startsWith("!");
      const glob = line.replace(/^!/, "").replaceAll(/[.+^$()|[\]{}]/g, "\\$&");
      return { isException, regex: new RegExp(`^${glob.replaceAll("*", "[^/]*")}(/|$)`) };
    });
  return (path) => {
    const deciding = patterns.findLast(({ regex }) => regex.test(path));
    return deciding !== undefined && !deciding.isException;
  };
}
