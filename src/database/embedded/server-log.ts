import { type FileHandle, open, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { changeOwner } from "./account.ts";
import type { Account } from "./run.ts";

const MAX_LOG_BYTES = 1024 * 1024;

/** PostgreSQL's own log of one run. */
export interface ServerLog {
  readonly path: string;
  readonly fd: number;
  /** Returns the last 16 KB at most of what was written in this run. */
  written(): Promise<string>;
  close(): Promise<void>;
}

/**
 * Opens the log of the directory. If it is larger than 1 MiB, renames it to `.1` and starts a new
 * one.
 */
export async function openServerLog(directory: string, account: Account): Promise<ServerLog> {
  const path = join(directory, "postgres.log");
  const existing = await stat(path).catch(() => undefined);
  if (existing && existing.size > MAX_LOG_BYTES) await rename(path, `${path}.1`);
  const file = await open(path, "a+", 0o600);
  await changeOwner(path, account);
  const { size: from } = await file.stat();
  return { path, fd: file.fd, written: () => lastOf(file, from), close: () => file.close() };
}

async function lastOf(file: FileHandle, from: number): Promise<string> {
  const { size } = await file.stat();
  const length = Math.min(Math.max(size - from, 0), 16 * 1024);
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
  return buffer.toString("utf8");
}

/** Joins the last four lines of a log, without the time and process id at their beginning. */
export function lastLines(text: string): string {
  const lines = text
    .split("\n")
    .map((line) => line.replace(/^\d{4}-\S+ \S+ \S+ \[\d+\] /, "").trim());
  return lines.filter(Boolean).slice(-4).join(" / ");
}
