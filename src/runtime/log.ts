import { type Logger, pino } from "pino";
import { build as pretty } from "pino-pretty";

export type Log = Logger;

/**
 * Creates the structured log of the process, written to standard output: coloured lines on a
 * terminal, otherwise a line of JSON for each entry. Personal data and secrets are never logged on
 * purpose; the usual field names of such data are redacted in case they slip in.
 */
export function createLog(level: string): Log {
  const options = {
    level,
    redact: { paths: [...SENSITIVE, ...SENSITIVE.map((name) => `*.${name}`)], censor: "(hidden)" },
  };
  return process.stdout.isTTY ? pino(options, prettyOutput()) : pino(options);
}

/** Synchronous, so that the last lines before an exit are not lost. */
function prettyOutput() {
  return pretty({
    sync: true,
    singleLine: true,
    translateTime: "SYS:HH:MM:ss",
    ignore: "pid,hostname",
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
