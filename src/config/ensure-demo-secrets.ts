import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { StartupError } from "../core/startup-error.ts";
import type { Config } from "./config.ts";

const storedSecrets = z.object({ jwt: z.string().min(32), cookie: z.string().min(32) });

/**
 * Returns the configuration with generated secrets where none are set. They are generated once and
 * stored in `directory`, which must exist, so that logins survive a restart.
 * @throws StartupError if the file cannot be read or written
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
    const generated = {
      jwt: randomBytes(33).toString("base64"),
      cookie: randomBytes(33).toString("base64"),
    };
    // `wx` fails if the file exists, so two concurrent first starts use the same secrets.
    await writeFile(file, `${JSON.stringify(generated, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    return generated;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
      throw new StartupError(
        `The secrets of the demo shop cannot be written to ${file}: ${(error as Error).message}`,
      );
    }
  }
  try {
    return storedSecrets.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    throw new StartupError(
      `The demo secrets in ${file} cannot be read: delete the file to generate new ones`,
    );
  }
}
