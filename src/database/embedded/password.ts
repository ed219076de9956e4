import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Returns the password of a database that listens on TCP (on Windows). It is generated at the first
 * start and stored beside the database. Undefined on other systems: their socket is private and
 * needs none.
 */
export async function ensurePassword(directory: string): Promise<string | undefined> {
  if (process.platform !== "win32") return undefined;
  const file = passwordFile(directory);
  await writeFile(file, randomBytes(24).toString("hex"), { flag: "wx", mode: 0o600 }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    },
  );
  return readFile(file, "utf8");
}

/** Returns the arguments of initdb for the password. */
export async function passwordArguments(directory: string): Promise<string[]> {
  return (await ensurePassword(directory)) ? [`--pwfile=${passwordFile(directory)}`] : [];
}

function passwordFile(directory: string): string {
  return join(directory, "password");
}
