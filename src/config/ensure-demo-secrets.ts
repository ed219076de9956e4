import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { StartupError } from "../core/startup-error.ts";
import type { Config } from "./config.ts";

const storedSecrets = z.object({ jwt: z.string().min(32), cookie: z.string().min(32) });

/**
 * The configuration with secrets of the demo shop's own where none were given: made once and kept
 * in `directory`, so that logins outlive a restart. The directory must be there.
 * @throws StartFailure the file cannot be read or written
 */
export async function ensureDemoSecrets(config: Config, directory: string): Promise<Config> {
  if (config.secrets.jwt.length > 0 && config.secrets.cookie.length > 0) return config;
  const stored = await readOrCreateSecrets(join(directory, "secrets.json"));
  return {
    ...config,
    secrets: {
      jwt: config.secrets.jwt.length > 0 ? config.secrets.jwt : [stored.jwt],
      cookie: config.secrets.cookie.length > 0 ? config.secrets.cookie : [stored.cookie],
    },
  };
}

async function readOrCreateSecrets(file: string): Promise<z.output<typeof storedSecrets>> {
  try {
    const made = {
      jwt: randomBytes(33).toString("base64"),
      cookie: randomBytes(33).toString("base64"),
    };
    // `wx` loses against a file that is there, so two first starts at once agree on one.
    await writeFile(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
      throw new StartupError(
        `The demo shop's secrets cannot be written to ${file}: ${(error as Error).message}`,
      );
    }
  }
  try {
    return storedSecrets.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    throw new StartupError(
      `The demo shop's secrets cannot be read from ${file}: delete the file to have new ones made`,
    );
  }
}
