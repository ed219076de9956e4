import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { StartupError } from "../../core/startup-error.ts";
import { type Address, openAddress } from "./address.ts";
import type { Binaries } from "./find-binaries.ts";
import { occupantOf, readPostmasterFile } from "./postmaster-file.ts";
import type { Account } from "./run.ts";
import { lastLines, openServerLog, type ServerLog } from "./server-log.ts";
import { spawnGuarded } from "./spawn-guarded.ts";

/**
 * How long an earlier PostgreSQL may take to end, and ours to become ready. After a crash it first
 * replays its log.
 */
const END_TIMEOUT_MS = 20_000;
const READY_TIMEOUT_MS = 120_000;

/** The cluster to serve, with its programs and the account that runs them. */
interface Place {
  readonly directory: string;
  readonly cluster: string;
  readonly binaries: Binaries;
  readonly account: Account;
}

/** A PostgreSQL that is ready. */
export interface Server {
  readonly address: Address;
  /** Asks PostgreSQL to stop. */
  end(): void;
  /** Resolves with a sentence when PostgreSQL has ended and everything is closed. */
  readonly ended: Promise<string>;
}

/**
 * Starts PostgreSQL once an earlier one has ended. PostgreSQL's own lock decides who serves a
 * directory, also between two concurrent starts; this function only waits for it.
 * @throws StartupError if another Nettle serves the directory, the earlier PostgreSQL does not end,
 * or ours does not become ready
 */
export async function launchWhenFree(place: Place): Promise<Server> {
  const deadline = Date.now() + END_TIMEOUT_MS;
  for (;;) {
    const occupant = await occupantOf(place.cluster);
    if (occupant.by === "nettle")
      throw new StartupError(`Another Nettle is running on the data directory ${place.directory}`);
    const server = occupant.by === "none" ? await launch(place, occupant.reusedPid) : undefined;
    if (server) return server;
    if (Date.now() > deadline) {
      const holder = occupant.by === "postgres" ? `process ${occupant.pid}` : "another process";
      throw new StartupError(
        `The data directory ${place.directory} is in use by a PostgreSQL (${holder}) ` +
          "that does not end",
      );
    }
    await sleep(100);
  }
}

/** Returns a server that is ready, or undefined if another one holds the cluster's lock. */
async function launch(place: Place, reusedPid: number | undefined): Promise<Server | undefined> {
  const { cluster, binaries, account } = place;
  const log = await openServerLog(place.directory, account);
  const address = await openAddress(account).catch(async (error) => {
    await log.close();
    throw error;
  });
  const args = [
    ...["-D", cluster, "-p", String(address.port)],
    ...listenArguments(address),
    ...SETTINGS,
  ];
  const child = spawnGuarded({
    binaries,
    cluster,
    args,
    scratch: address.scratch,
    account,
    log: log.fd,
    reusedPid,
  });
  const server = {
    address,
    end: () => child.stdin?.end(),
    ended: waitForEnd(child, place, address, log),
  };
  if (await becomesReady(cluster, address, child)) return server;
  server.end();
  const reason = await server.ended;
  if (LOCKED.test(reason)) return undefined;
  throw new StartupError(reason);
}

const LOCKED = /lock file "postmaster.pid" already exists|pre-existing shared memory block/;

/** Failed statements are not logged: their sender reports them, and they contain personal data. */
const SETTINGS = ["-c", "log_min_messages=log", "-c", "log_checkpoints=off"];

function listenArguments({ host }: Address): string[] {
  const [socket, network] = process.platform === "win32" ? ["", host] : [host, ""];
  return [
    "-c",
    `unix_socket_directories=${socket}`,
    "-c",
    "unix_socket_permissions=0700",
    "-c",
    `listen_addresses=${network}`,
  ];
}

async function becomesReady(
  cluster: string,
  { host, port }: Address,
  child: ChildProcess,
): Promise<boolean> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  const isRunning = () =>
    child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  while (isRunning() && Date.now() < deadline) {
    const file = await readPostmasterFile(cluster);
    const ours =
      file?.port === port && (process.platform === "win32" || file.socketDirectory === host);
    if (ours && file.ready) return true;
    await sleep(10);
  }
  return false;
}

async function waitForEnd(
  child: ChildProcess,
  { directory }: Place,
  address: Address,
  log: ServerLog,
): Promise<string> {
  await new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const text = await log.written();
  await log.close();
  await address.close();
  return (
    `The embedded PostgreSQL in ${directory} has ended; ` +
    `its log ${log.path} ends with: ${lastLines(text)}`
  );
}
