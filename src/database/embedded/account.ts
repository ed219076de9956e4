import { chown, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Account, run } from "./run.ts";

const nobody = { uid: 65534, gid: 65534 };

/**
 * PostgreSQL refuses to run as root, so for root it is another user: the one who owns the data
 * already, otherwise `nobody`. Anybody else runs it themselves.
 */
export async function accountFor(directory: string): Promise<Account> {
  if (process.getuid?.() !== 0) return undefined;
  for (const path of [join(directory, "postgres"), directory]) {
    const owner = await stat(path).catch(() => undefined);
    if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  }
  return nobody;
}

/** Makes a file or directory the account's own. */
export async function changeOwner(path: string, account: Account): Promise<void> {
  if (account) await chown(path, account.uid, account.gid);
}

/**
 * Whether the account can go through the directory, asked of the system itself since modes are not
 * all that decides.
 * @throws StartFailure root is not allowed to become that user
 */
export async function canReach(directory: string, account: Account): Promise<boolean> {
  const { code } = await run("/bin/sh", ["-c", 'test -x "$0"', directory], { account });
  return code === 0;
}
