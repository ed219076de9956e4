import { spawn } from "node:child_process";
import { once } from "node:events";
import { projectRoot } from "../../src/runtime/project-root.ts";

/** What lines of a shell wrote. */
export interface Written {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/**
 * Runs lines of the README in a shell, in the project's directory. `npm run nettle` is the bundle
 * of the test, so that no test replaces the program under another one.
 * @param bundle the built program, for lines that run it
 */
export async function runLines(
  lines: string,
  settings: Readonly<Record<string, string>> = {},
  bundle = "",
): Promise<Written> {
  const npm = 'npm() { [ "$1 $2 $3" = "run nettle --" ] || exit 9; shift 3; node "$BUNDLE" "$@"; }';
  const child = spawn("sh", ["-ec", `${npm}\n${lines}`], {
    cwd: projectRoot(),
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], BUNDLE: bundle, ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, error] = ["", ""];
  child.stdout.on("data", (part) => {
    out += String(part);
  });
  child.stderr.on("data", (part) => {
    error += String(part);
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out, error };
}
