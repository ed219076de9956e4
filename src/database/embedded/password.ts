import { randomBytes } from "node:crypto";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { changeOwner } from "./account.ts";
import type { Binaries } from "./find-binaries.ts";
import { type Account, run } from "./run.ts";

/** Every connection over the socket needs the password. */
const PASSWORD_LOGIN = "local all all scram-sha-256\n";

/**
 * Returns the password of a database that other programs can reach: on Windows, where it listens on
 * TCP, and where root has another user run it, whose other processes can open its socket. It is
 * generated at the first start and stored beside the database, readable by Nettle's user alone.
 * Undefined elsewhere: the socket is private and needs none.
 */
export async function ensurePassword(
  directory: string,
  account: Account,
): Promise<string | undefined> {
  if (process.platform !== "win32" && !account) return undefined;
  const file = passwordFile(directory);
  const written = `${file}.new-${randomBytes(6).toString("hex")}`;
  await writeFile(written, randomBytes(24).toString("hex"), { flag: "wx", mode: 0o600 });
  // A link appears whole, so a concurrent start never reads half a password.
  await link(written, file)
    .catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    })
    .finally(() => rm(written, { force: true }));
  return readFile(file, "utf8");
}

/** Returns the arguments of initdb for the password on Windows. */
export async function passwordArguments(directory: string): Promise<string[]> {
  if (process.platform !== "win32") return [];
  await ensurePassword(directory, undefined);
  return [`--pwfile=${passwordFile(directory)}`];
}

/**
 * Makes a cluster that another user runs ask for the password. It does nothing if the cluster does
 * so already, or while another PostgreSQL serves it. Returns PostgreSQL's output if it failed.
 */
export async function requirePassword(
  cluster: string,
  directory: string,
  { binaries, owner, account }: { binaries: Binaries; owner: string; account: Account },
): Promise<string | undefined> {
  if (!account) return undefined;
  const rules = join(cluster, "pg_hba.conf");
  const stored = await readFile(passwordFile(directory), "utf8").catch(() => undefined);
  if (stored && (await readFile(rules, "utf8")) === PASSWORD_LOGIN) return undefined;
  const password = await ensurePassword(directory, account);
  const { code, output } = await run(
    binaries.postgres,
    ["--single", "-j", "-D", cluster, "postgres"],
    { account, cwd: cluster, input: `ALTER ROLE ${owner} PASSWORD '${password}';\n\n` },
  );
  if (code !== 0 || /(ERROR|FATAL|PANIC):/.test(output)) return output;
  await writeFile(rules, PASSWORD_LOGIN, { mode: 0o600 });
  await changeOwner(rules, account);
  return undefined;
}

function passwordFile(directory: string): string {
  return join(directory, "password");
}
