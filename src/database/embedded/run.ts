import { execFile } from "node:child_process";
import { StartupError } from "../../core/startup-error.ts";

/** The user that PostgreSQL's programs run as; undefined for the user that runs Nettle. */
export type Account = { readonly uid: number; readonly gid: number } | undefined;

/** The exit code of a program (127 if it could not be run), and its stdout and stderr together. */
export interface ProcessResult {
  readonly code: number;
  readonly output: string;
}

/**
 * Runs a program to its end as the account, in an environment of its own.
 * @throws StartupError if root may not become that user
 */
export function run(
  program: string,
  args: string[],
  options: { account: Account; input?: string; cwd?: string },
): Promise<ProcessResult> {
  const { account, input = "", cwd = "/" } = options;
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { ...account, cwd, env: environment(), windowsHide: true },
      (error, stdout, stderr) => {
        if (account && (error?.code === "EPERM" || error?.code === "EINVAL"))
          return reject(cannotBecome(account));
        const code = error ? (typeof error.code === "number" ? error.code : 127) : 0;
        resolve({ code, output: `${stdout}${stderr}` || (error?.message ?? "") });
      },
    );
    // If a program ends before it has read its input, its exit code counts.
    child.stdin?.on("error", () => {}).end(input);
  });
}

/**
 * Returns the environment of PostgreSQL's programs. It inherits nothing, so that no PG… or LC_…
 * variable of the shell changes their behaviour.
 */
export function environment(): Record<string, string> | undefined {
  return process.platform === "win32"
    ? undefined
    : { LC_ALL: "C", PATH: "/usr/bin:/bin:/usr/sbin:/sbin" };
}

function cannotBecome({ uid }: { uid: number }): StartupError {
  return new StartupError(
    `PostgreSQL refuses to run as root, and this root may not become user ${uid}: ` +
      "start Nettle as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own",
  );
}
