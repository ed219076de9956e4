import type { Knex } from "knex";
import { poll } from "../../../concurrency/poll.ts";
import type { Log } from "../../../runtime/log.ts";
import { findInterrupted, type Interrupted, type Lease, type LeaseTable } from "./lease-queries.ts";

const BATCH_SIZE = 50;
const POLL_INTERVAL_MS = 15_000;
/** How long, after an interruption, the next try is left to the client. */
const GRACE_SECONDS = 10;

/**
 * Resumes what is interrupted, at the start and every 15 seconds. Any number of processes may do
 * so. Returns the function that stops it after the current round.
 */
export function resumeInterrupted<L extends Lease>(
  database: Knex,
  table: LeaseTable<L>,
  log: Log,
  resume: (interrupted: Interrupted) => Promise<void>,
): () => Promise<void> {
  const logFailure = (error: unknown) =>
    log.warn(
      { event: "resume_round_failed", table: table.name, err: error },
      "Interrupted payments could not be resumed; the next round tries again",
    );
  return poll(
    () => resumeInterruptedOnce(database, table, GRACE_SECONDS, resume).catch(logFailure),
    POLL_INTERVAL_MS,
  );
}

/** Resumes, once, what was interrupted at least `graceSeconds` ago and is due. */
export async function resumeInterruptedOnce<L extends Lease>(
  database: Knex,
  table: LeaseTable<L>,
  graceSeconds: number,
  resume: (interrupted: Interrupted) => Promise<void>,
): Promise<void> {
  for (const interrupted of await findInterrupted(database, table, graceSeconds, BATCH_SIZE))
    await resume(interrupted);
}
