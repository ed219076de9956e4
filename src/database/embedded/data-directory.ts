import { chmod, mkdir, readdir, realpath, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { StartupError } from "../../core/startup-error.ts";
import { canReach } from "./account.ts";
import type { Account } from "./run.ts";

/**
 * Makes the directory where it is missing, such that the account can go through it, and gives its
 * real path.
 * @throws StartFailure it cannot be made, or the account cannot reach it
 */
export async function prepareDirectory(directory: string, account: Account): Promise<string> {
  const first = await makeDirectory(directory);
  const place = await realpath(directory);
  if (!account || (await canReach(place, account))) return place;
  // Made by root under a umask that lets nobody in, or empty, so not yet anybody's; what is kept in
  // it has modes of its own.
  if (first || (await readdir(place)).length === 0) await chmod(place, 0o711);
  if (first) await openParents(dirname(place), dirname(await realpath(first)));
  if (await canReach(place, account)) return place;
  throw new StartupError(
    `PostgreSQL refuses to run as root and user ${account.uid}, as whom it would run, cannot reach ${directory}: set NETTLE_DATA to a directory that this user can reach, or DATABASE_URL to a PostgreSQL of your own`,
  );
}

/**
 * Makes a directory and those above it; gives the first that was missing, if any. Node's own way
 * never ends where the system lets nothing be made in a directory that is there, as in /proc.
 */
async function makeDirectory(directory: string): Promise<string | undefined> {
  try {
    await mkdir(directory);
    return directory;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && (await stat(directory)).isDirectory()) return;
    if (code !== "ENOENT") throw error;
  }
  const first = await makeDirectory(dirname(directory));
  await mkdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") throw unusable(directory, "nothing can be made there");
    if (error.code !== "EEXIST") throw error;
  });
  return first ?? directory;
}

async function openParents(folder: string, above: string): Promise<void> {
  for (let parent = folder; parent !== above && parent.startsWith(above); parent = dirname(parent))
    await chmod(parent, 0o711);
}

/**
 * Removes what interrupted starts and older versions have left. Only for who serves the directory:
 * nobody else is at work there then.
 */
export async function removeLeftovers(directory: string, copyName: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const old =
      name.startsWith("postgres.new-") || (name.startsWith("binaries-") && name !== copyName);
    // What cannot be removed is in nobody's way.
    if (old)
      await rm(join(directory, name), { recursive: true, force: true, maxRetries: 10 }).catch(
        () => {},
      );
  }
}

const causes: Record<string, string> = {
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left on the device",
  EDQUOT: "the disk quota is used up",
  ENOTDIR: "a part of the path is a file",
  EEXIST: "there is a file of that name",
};

/**
 * Turns what the file system refuses into a sentence that names the directory; other errors stay
 * what they are.
 */
export function refusedByFileSystem(directory: string, error: unknown): unknown {
  const { code = "" } = error as NodeJS.ErrnoException;
  const cause = causes[code];
  return cause ? unusable(directory, cause) : error;
}

function unusable(directory: string, cause: string): StartupError {
  return new StartupError(
    `The data directory ${directory} cannot be used (${cause}): set NETTLE_DATA to a directory that can be written, or DATABASE_URL to a PostgreSQL of your own`,
  );
}
