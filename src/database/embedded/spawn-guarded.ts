import { type ChildProcess, spawn } from "node:child_process";
import type { Binaries } from "./find-binaries.ts";
import type { Account } from "./run.ts";
import { environment } from "./run.ts";

/**
 * Runs PostgreSQL and stops it when standard input closes, which also happens when Nettle is
 * killed: first by SIGINT, which disconnects its clients, after ten seconds by SIGQUIT.
 */
const shellGuard = `
scratch=$1; shift
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
(
  while read -r line; do :; done <&3
  kill -INT $server
  for second in 1 2 3 4 5 6 7 8 9 10; do
    sleep 1
    kill -0 $server || exit
  done
  kill -QUIT $server
) 2>/dev/null &
watcher=$!
exec 3<&-
wait $server
status=$?
kill $watcher 2>/dev/null
rm -rf -- "$scratch"
exit $status
`;

/** The same for Windows, which has neither sh nor signals. */
const windowsGuard = `
const { spawn, spawnSync } = require("node:child_process");
const [scratch, pgCtl, cluster, server, ...args] = process.argv.slice(1);
const end = (code) => {
  require("node:fs").rmSync(scratch, { recursive: true, force: true });
  process.exit(code ?? 1);
};
spawn(server, args, { stdio: ["ignore", "inherit", "inherit"] })
  .on("exit", end)
  .on("error", () => end(127));
process.stdin.resume().on("close", () => {
  for (const mode of ["fast", "immediate"])
    spawnSync(pgCtl, ["stop", "-D", cluster, "-m", mode, "-t", "10"]);
});
`;

/** What the guard runs, as which account, and where the output goes. */
export interface Command {
  readonly binaries: Binaries;
  readonly cluster: string;
  readonly args: string[];
  readonly scratch: string;
  readonly account: Account;
  readonly log: number;
  /** A process id that a stale lock file names; PostgreSQL ignores it there. */
  readonly reusedPid: number | undefined;
}

/**
 * Starts PostgreSQL under its guard. They form a session of their own, so that a Ctrl-C in the
 * terminal reaches only Nettle, which first closes its connections. Closing the child's standard
 * input stops PostgreSQL; then the child ends.
 */
export function spawnGuarded(command: Command): ChildProcess {
  const { binaries, cluster, args, scratch, account, log, reusedPid } = command;
  const [guard, guardArgs] =
    process.platform === "win32"
      ? [
          process.execPath,
          ["-e", windowsGuard, scratch, binaries.pgCtl, cluster, binaries.postgres, ...args],
        ]
      : ["/bin/sh", ["-c", shellGuard, "nettle-postgres", scratch, binaries.postgres, ...args]];
  const variables = environment();
  const child = spawn(guard, guardArgs, {
    ...account,
    cwd: cluster,
    env:
      variables && reusedPid ? { ...variables, PG_GRANDPARENT_PID: String(reusedPid) } : variables,
    detached: true,
    windowsHide: true,
    stdio: ["pipe", log, log],
  });
  // The guard may be gone by the time its input is closed.
  child.stdin?.on("error", () => {});
  return child;
}
