import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { NamedError } from "./figures.ts";

/** One request, as it is sent. */
export interface Sent {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly body?: string;
  readonly token?: string;
}

/** A request of a load, and what it expects. */
export interface Job extends Sent {
  /** The status it must have; 200 unless another one is named. */
  readonly expected?: number;
  /** Takes the body of the answer, if it had the expected status. */
  readonly done?: (text: string) => void;
}

/** What came of a load. Times are in milliseconds. */
export interface LoadResult {
  readonly seconds: number;
  readonly answers: number;
  readonly errors: readonly NamedError[];
  /** Of the answers that were as expected. */
  readonly times: readonly number[];
  /** Of the others. */
  readonly refusedTimes: readonly number[];
}

/** An answer; its body is read only where it is asked for, and of errors. */
interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Counts errors by what they say. */
export class ErrorCounts {
  readonly #counts = new Map<string, number>();

  add(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  list(): NamedError[] {
    return [...this.#counts]
      .map(([what, count]) => ({ what, count }))
      .toSorted((one, other) => other.count - one.count);
  }
}

/** How long after the end of a load its last answers may come; the rest counts as unanswered. */
const DRAIN_SECONDS = 15;
const RECONNECT_MS = 50;

/**
 * Sends requests over `connections` kept-alive connections for some seconds, each the next one when
 * the last was answered. It reads no more of an ordinary answer than its head and its length, so
 * that this process is not what limits a server.
 */
export async function load(
  url: string,
  next: () => Job,
  connections: number,
  seconds: number,
  drainSeconds = DRAIN_SECONDS,
): Promise<LoadResult> {
  const begin = performance.now();
  const times: number[] = [];
  const refusedTimes: number[] = [];
  const errors = new ErrorCounts();
  const open = new Set<Connection>();
  const isOver = () => performance.now() - begin >= seconds * 1000;
  const one = async (): Promise<void> => {
    for (let connection: Connection | undefined; !isOver(); ) {
      connection ??= new Connection(url);
      open.add(connection);
      const job = next();
      const sentAt = performance.now();
      try {
        const { status, text } = await connection.ask(job, job.done !== undefined);
        const isExpected = status === (job.expected ?? 200);
        (isExpected ? times : refusedTimes).push(performance.now() - sentAt);
        if (isExpected) job.done?.(text);
        else errors.add(nameOf(job, status, text));
      } catch (error) {
        errors.add((error as Error).message);
        open.delete(connection);
        connection = undefined;
        await sleep(RECONNECT_MS);
      }
    }
  };
  const drain = setTimeout(
    () => {
      for (const connection of open) connection.end("no answer within the time of the load");
    },
    (seconds + drainSeconds) * 1000,
  );
  await Promise.all(Array.from({ length: connections }, one));
  clearTimeout(drain);
  for (const connection of open) connection.end("");
  return {
    seconds: (performance.now() - begin) / 1000,
    answers: times.length,
    errors: errors.list(),
    times,
    refusedTimes,
  };
}

/** Names an error by its request without ids, its status and its message. */
export function nameOf({ method, path }: Sent, status: number, text: string): string {
  const route = path.replace(/\?.*/, "").replace(/[a-z]+_[\w-]{20,}/g, ":id");
  const message = /"message":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? text;
  const words = message.replace(/[a-z]+_[\w-]{20,}/g, ":id").slice(0, 160);
  return `${method} ${route}: ${status} ${words}`.trim();
}

/** A connection that has one request under way at max. */
export class Connection {
  readonly #socket: Socket;
  readonly #host: string;
  #settle: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;
  #head = "";
  #body: Buffer[] = [];
  #wantsBody = false;
  #status = 0;
  #left = -1;
  #isChunked = false;
  #reason = "the connection was closed";

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.#host = hostname;
    this.#socket = connect(Number(port), hostname);
    this.#socket.setNoDelay();
    this.#socket.on("data", (chunk) => this.#read(chunk));
    this.#socket.on("error", ({ message }) => this.end(message));
    this.#socket.on("close", () => this.#settle?.reject(new Error(this.#reason)));
  }

  /**
   * Returns the answer once all of it has arrived.
   * @throws Error the connection broke
   */
  ask({ method, path, body, token }: Sent, wantsBody: boolean): Promise<Answer> {
    const payload = body
      ? `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`
      : "";
    const bearer = token ? `authorization: Bearer ${token}\r\n` : "";
    this.#wantsBody = wantsBody;
    this.#socket.write(
      `${method} ${path} HTTP/1.1\r\nhost: ${this.#host}\r\n${bearer}${payload}\r\n${body ?? ""}`,
    );
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) reject(new Error(this.#reason));
      this.#settle = { resolve, reject };
    });
  }

  /** Closes it. A request that is under way fails with the reason. */
  end(reason: string): void {
    if (!this.#socket.destroyed) this.#reason = reason;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    let rest = chunk;
    if (this.#left < 0) {
      this.#head += chunk.toString("latin1");
      const end = this.#head.indexOf("\r\n\r\n");
      if (end < 0) return;
      this.#status = Number(this.#head.slice(9, 12));
      const head = this.#head.slice(0, end + 2);
      this.#isChunked = /\r\ntransfer-encoding: *chunked/i.test(head);
      const length = /\r\ncontent-length: *(\d+)/i.exec(head);
      const read = this.#head.length - end - 4;
      this.#left = this.#isChunked ? Number.MAX_SAFE_INTEGER : Number(length?.[1] ?? 0) - read;
      rest = chunk.subarray(chunk.length - read);
    } else this.#left -= chunk.length;
    if (this.#wantsBody || this.#isChunked || this.#status !== 200) this.#body.push(rest);
    if (this.#isChunked ? !rest.toString("latin1").endsWith("0\r\n\r\n") : this.#left > 0) return;
    const text = Buffer.concat(this.#body).toString();
    const answer = { status: this.#status, text: this.#isChunked ? withoutChunks(text) : text };
    this.#head = "";
    this.#body = [];
    this.#left = -1;
    this.#settle?.resolve(answer);
  }
}

/** Takes the lengths off the chunks of a body. */
const withoutChunks = (text: string): string => text.replaceAll(/(?:^|\r\n)[\da-f]+\r\n/gi, "");
