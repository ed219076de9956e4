import { symbols } from "pino";
import type { Log } from "../../runtime/log.ts";

/** What is logged of a request. */
export interface RequestLine {
  /** Its id, of characters that JSON does not escape. */
  readonly request: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  /** Whether all of the answer was sent. */
  readonly isSent: boolean;
  /** Of a request that no route answers, or that a limit refuses. */
  readonly stranger?: Stranger | undefined;
}

/** Who asked for what, where the route does not say it. */
export interface Stranger {
  /** Of who is refused. */
  readonly address?: string;
  /** Without ids and personal data. Undefined where the route says it. */
  readonly path?: string;
}

export type LogRequest = (line: RequestLine) => void;

/** The parts of a line between its time, its request's id and its duration. */
type Parts = readonly [begin: string, toRequest: string, toDuration: string, end: string];

/** Far more kinds of requests than a shop receives. */
const MAX_KINDS = 1_000;

/**
 * Returns the function that logs a request. Pino would take longer for it than the rest of an
 * answer from memory takes, so it formats one line of each kind, and the next ones are filled in.
 * Lines of one turn of the event loop are written together.
 */
export function requestLines(log: Log): LogRequest {
  const kinds = new Map<string, Parts>();
  let unwritten = "";
  const write = () => {
    const lines = unwritten;
    unwritten = "";
    streamOf(log).write(lines);
  };
  return (line) => {
    if (!log.isLevelEnabled(levelOf(line))) return;
    if (line.stranger) return logWithStranger(log, line, line.stranger);
    const kind = `${line.method} ${line.status} ${line.isSent} ${line.route}`;
    let parts = kinds.get(kind);
    if (!parts) {
      parts = partsOf(log, line);
      if (kinds.size < MAX_KINDS) kinds.set(kind, parts);
    }
    if (unwritten === "") setImmediate(write);
    const [begin, toRequest, toDuration, end] = parts;
    unwritten += begin + Date.now() + toRequest + line.request + toDuration + line.ms + end;
  };
}

/** These lines are no kind of their own: each may have another address. */
function logWithStranger(log: Log, line: RequestLine, { address, path }: Stranger): void {
  const { request, method, route, status, ms } = line;
  const asked = path === undefined ? { route } : { path };
  log[levelOf(line)](
    { request, event: "request", method, ...asked, status, ms, ...(address && { address }) },
    messageOf(line),
  );
}

function levelOf({ status }: RequestLine): "info" | "error" {
  return status >= 500 ? "error" : "info";
}

function messageOf({ status, isSent }: RequestLine): string {
  if (status >= 500) return "Request failed";
  return isSent ? "Request answered" : "Request aborted by the client";
}

interface LineStream {
  write(line: string): void;
}

function streamOf(log: Log): LineStream {
  return Reflect.get(log, symbols.streamSym) as LineStream;
}

const PLACES = /^(.*"time":)\d+(.*"request":")@(".*"ms":)-1(.*)$/s;

/** Has pino format a line, and takes it apart. */
function partsOf(log: Log, request: RequestLine): Parts {
  let line = "";
  const stream: LineStream = {
    write: (written) => {
      line = written;
    },
  };
  const captured = Object.create(log, { [symbols.streamSym]: { value: stream } }) as Log;
  const { method, route, status } = request;
  captured[levelOf(request)](
    { request: "@", event: "request", method, route, status, ms: -1 },
    messageOf(request),
  );
  const [, begin = "", toRequest = "", toDuration = "", end = ""] = PLACES.exec(line) ?? [];
  return [begin, toRequest, toDuration, end];
}
