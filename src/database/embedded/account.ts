import { chown, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Account, run } from "./run.ts";

const NOBODY = { uid: 65534, gid: 65534 };

/**
 * Returns the account that PostgreSQL runs as. It refuses to run as root, so for root this is the
 * owner of the existing data, otherwise `nobody`. Other users run it as themselves (undefined).
 */
export async function accountFor(directory: string): Promise<Account> {
  if (process.getuid?.() !== 0) return undefined;
  for (const path of [join(directory, "postgres"), directory]) {
    const owner = await stat(path).catch(() => undefined);
    if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  }
  return NOBODY;
}

/** Changes the owner of a file or directory to the account. */
export async function changeOwner(path: string, account: Account): Promise<void> {
  if (account) await chown(path, account.uid, account.gid);
}

/**
 * Returns whether the account can enter the directory. It asks the system, since modes alone do not
 * decide this.
 * @throws StartupError if root may not become that user
 */
export async function canReach(directory: string, account: Account): Promise<boolean> {
  const { code } = await run("/bin/sh", ["-c", 'test -x "$0"', directory], { account });
  return code === 0;
}
