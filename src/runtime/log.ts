import { type Logger, pino, stdSerializers } from "pino";
import type { build as buildPretty } from "pino-pretty";
import { countEvent } from "./logged-events.ts";
import { mapPositions } from "./map-positions.ts";

// Loaded only for a terminal: elsewhere a start is faster without it, and takes less memory.
const pretty = process.stdout.isTTY ? (await import("pino-pretty")).build : undefined;

export type Log = Logger;

/**
 * Creates the structured log of the process, written to standard output: coloured lines on a
 * terminal, otherwise a line of JSON for each entry. Personal data and secrets are never logged on
 * purpose; the usual field names of such data are redacted in case they slip in.
 */
export function createLog(level: string): Log {
  const options = {
    level,
    serializers: { err: describeError },
    hooks: { logMethod: countEvent },
    redact: { paths: [...SENSITIVE, ...SENSITIVE.map((name) => `*.${name}`)], censor: "(hidden)" },
  };
  return pino(options, pretty ? prettyOutput(pretty) : bufferedOutput());
}

function describeError(error: Error) {
  const described = stdSerializers.err(error);
  return described.stack ? { ...described, stack: mapPositions(described.stack) } : described;
}

/** Lines are written together; pino writes what is left when the process exits. */
const BUFFERED_BYTES = 16_000;
const FLUSH_INTERVAL_MS = 100;
/** While standard output is not read, further lines are lost. */
const MAX_UNWRITTEN_BYTES = 16_777_216;

function bufferedOutput() {
  return pino.destination({
    dest: 1,
    sync: false,
    minLength: BUFFERED_BYTES,
    periodicFlush: FLUSH_INTERVAL_MS,
    maxLength: MAX_UNWRITTEN_BYTES,
  });
}

/** Synchronous, so that the last lines before an exit are not lost. */
function prettyOutput(build: typeof buildPretty) {
  return build({
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
