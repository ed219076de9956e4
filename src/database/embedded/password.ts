import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * The password of a database that is reached over TCP (on Windows), made at the first start and
 * kept beside the database; undefined where a socket that nobody else can reach needs none.
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

/** What initdb is told about the password. */
export async function passwordArguments(directory: string): Promise<string[]> {
  return (await ensurePassword(directory)) ? [`--pwfile=${passwordFile(directory)}`] : [];
}

function passwordFile(directory: string): string {
  return join(directory, "password");
}
