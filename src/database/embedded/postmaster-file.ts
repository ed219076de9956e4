import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { livenessSocket } from "./address.ts";
import { run } from "./run.ts";

/** What a running PostgreSQL writes into `postmaster.pid`. */
interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  readonly socketDirectory: string;
  readonly ready: boolean;
}

/** Reads `postmaster.pid` as far as it is written; undefined if there is none. */
export async function readPostmasterFile(cluster: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(join(cluster, "postmaster.pid"), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const lines = text.split("\n").map((line) => line.trim());
  return {
    pid: Number(lines[0]),
    port: Number(lines[3]),
    socketDirectory: lines[4] ?? "",
    ready: lines[7] === "ready",
  };
}

/**
 * Who serves a cluster: a running Nettle; a PostgreSQL without Nettle, which is ending or was
 * started by another program; or no process. In the last case a stale file may name a process id
 * that another program uses now (`reusedPid`).
 */
export type Occupant =
  | { by: "nettle" }
  | { by: "postgres"; pid: number }
  | { by: "none"; reusedPid?: number };

/** Returns who serves a cluster. */
export async function occupantOf(cluster: string): Promise<Occupant> {
  const file = await readPostmasterFile(cluster);
  if (!file || !(file.pid > 0) || !isAlive(file.pid)) return { by: "none" };
  if (!(await mayServe(file.pid, cluster))) return { by: "none", reusedPid: file.pid };
  if (file.socketDirectory && (await answers(livenessSocket(file.socketDirectory))))
    return { by: "nettle" };
  return { by: "postgres", pid: file.pid };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Returns whether the process has this cluster on its command line; true where that cannot be found
 * out.
 */
async function mayServe(pid: number, cluster: string): Promise<boolean> {
  if (process.platform === "win32") return true;
  if (process.platform === "linux") {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => undefined);
    return command === undefined ? isAlive(pid) : command.split("\0").includes(cluster);
  }
  const { code, output } = await run("ps", ["-o", "command=", "-p", String(pid)], {
    account: undefined,
  });
  return code === 0 ? output.includes(cluster) : isAlive(pid);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => resolve(true));
    socket.once("error", (error: NodeJS.ErrnoException) =>
      resolve(error.code !== "ECONNREFUSED" && error.code !== "ENOENT"),
    );
    socket.once("close", () => socket.destroy());
  });
}
