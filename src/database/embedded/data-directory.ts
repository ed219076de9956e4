import { chmod, mkdir, readdir, realpath, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { StartupError } from "../../core/startup-error.ts";
import { canReach } from "./account.ts";
import type { Account } from "./run.ts";

/**
 * Creates the directory if it is missing, so that the account can enter it. Returns its real path.
 * @throws StartupError if it cannot be created, or the account cannot reach it
 */
export async function prepareDirectory(directory: string, account: Account): Promise<string> {
  const first = await createDirectory(directory);
  const place = await realpath(directory);
  if (!account || (await canReach(place, account))) return place;
  // Root created it under a strict umask, or it is empty and so unused. What it will contain has
  // modes of its own.
  if (first || (await readdir(place)).length === 0) await chmod(place, 0o711);
  if (first) await openParents(dirname(place), dirname(await realpath(first)));
  if (await canReach(place, account)) return place;
  throw new StartupError(
    `PostgreSQL refuses to run as root, and user ${account.uid}, which would run it instead, ` +
      `cannot reach ${directory}: set NETTLE_DATA to a directory that this user can reach, ` +
      "or DATABASE_URL to a PostgreSQL of your own",
  );
}

/**
 * Creates a directory and its parents. Returns the topmost one that was missing, if any. Node's
 * recursive `mkdir` never ends where nothing can be created in an existing directory, as in /proc.
 */
async function createDirectory(directory: string): Promise<string | undefined> {
  try {
    await mkdir(directory);
    return directory;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && (await stat(directory)).isDirectory()) return;
    if (code !== "ENOENT") throw error;
  }
  const first = await createDirectory(dirname(directory));
  await mkdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") throw unusable(directory, "nothing can be created there");
    if (error.code !== "EEXIST") throw error;
  });
  return first ?? directory;
}

/** Lets other users pass through the directories from `directory` up to `ancestor`, exclusive. */
async function openParents(directory: string, ancestor: string): Promise<void> {
  let parent = directory;
  for (; parent !== ancestor && parent.startsWith(ancestor); parent = dirname(parent))
    await chmod(parent, 0o711);
}

/**
 * Deletes what interrupted starts and older versions left behind. Only the process that serves the
 * directory may call it, since no other process then works there.
 */
export async function removeLeftovers(directory: string, copyName: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const isLeftover =
      name.startsWith("postgres.new-") ||
      name.startsWith("password.new-") ||
      (name.startsWith("binaries-") && name !== copyName);
    // What cannot be deleted does no harm.
    if (isLeftover)
      await rm(join(directory, name), { recursive: true, force: true, maxRetries: 10 }).catch(
        () => {},
      );
  }
}

const reasons: Record<string, string> = {
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left on the device",
  EDQUOT: "the disk quota is used up",
  ENOTDIR: "a part of the path is a file",
  EEXIST: "there is a file of that name",
};

/** Returns a StartupError that names the directory for a file system error; others as they are. */
export function refusedByFileSystem(directory: string, error: unknown): unknown {
  const { code = "" } = error as NodeJS.ErrnoException;
  const reason = reasons[code];
  return reason ? unusable(directory, reason) : error;
}

function unusable(directory: string, reason: string): StartupError {
  return new StartupError(
    `The data directory ${directory} cannot be used (${reason}): set NETTLE_DATA to a writable ` +
      "directory, or DATABASE_URL to a PostgreSQL of your own",
  );
}
