import { createRequire } from "node:module";
import { type DestinationStream, type Logger, pino, stdSerializers } from "pino";
import { currentRequestId } from "./current-request.ts";
import { countEvent } from "./logged-events.ts";
import { mapPositions } from "./map-positions.ts";
import { prettyMessage } from "./pretty-message.ts";

export type Log = Logger;

/** Lines for a reader, or a line of JSON for each entry. `auto` asks whether it is a terminal. */
export type LogFormat = "auto" | "pretty" | "json";

/**
 * Creates the structured log of the process, written to standard output unless a destination is
 * given. A line that is written while a request is worked for carries its id. Personal data and
 * secrets are never logged on purpose; the usual field names of such data are redacted in case they
 * slip in.
 */
export function createLog(
  level: string,
  { format = "auto", to }: { format?: LogFormat; to?: DestinationStream | undefined } = {},
): Log {
  const options = {
    level,
    serializers: { err: describeError },
    hooks: { logMethod: countEvent },
    redact: { paths: [...SENSITIVE, ...SENSITIVE.map((name) => `*.${name}`)], censor: "(hidden)" },
    mixin: () => {
      const request = currentRequestId();
      return request === undefined ? {} : { request };
    },
  };
  return pino(options, to ?? (isPretty(format) ? prettyOutput() : bufferedOutput()));
}

/** Returns whether the lines of a format are meant for a reader. */
export function isPretty(format: LogFormat): boolean {
  return format === "auto" ? process.stdout.isTTY === true : format === "pretty";
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

/**
 * Synchronous, so that the last lines before an exit are not lost. Its library is loaded only here:
 * elsewhere a start is faster without it, and takes less memory.
 */
function prettyOutput() {
  const require = createRequire(import.meta.url);
  const { build } = require("pino-pretty") as typeof import("pino-pretty");
  return build({
    sync: true,
    colorize: process.stdout.isTTY === true,
    translateTime: "SYS:HH:MM:ss",
    ignore: "pid,hostname",
    hideObject: true,
    messageFormat: prettyMessage,
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
