import { type Logger, pino } from "pino";

export type Log = Logger;

/**
 * The structured log of a process, a JSON line an entry, to standard output. Personal data and
 * secrets are never logged on purpose; those that slip in under their usual names are blotted out.
 */
export function createLog(level: string): Log {
  return pino({
    level,
    redact: { paths: [...SENSITIVE, ...SENSITIVE.map((name) => `*.${name}`)], censor: "(hidden)" },
  });
}

/** `detail` is where PostgreSQL repeats the values of a row. */
const SENSITIVE = [
  "cookie",
  "authorization",
  "password",
  "password_hash",
  "token",
  "access_token",
  "secret",
  "email",
  "phone",
  "detail",
];
