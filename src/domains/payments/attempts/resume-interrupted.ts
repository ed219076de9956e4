import type { Knex } from "knex";
import { poll } from "../../../concurrency/poll.ts";
import { RunPerKey } from "../../../concurrency/run-per-key.ts";
import type { Log } from "../../../runtime/log.ts";
import { findInterrupted, type Interrupted, type Lease, type LeaseTable } from "./lease-queries.ts";

/** How many interrupted attempts of one provider a round resumes. */
const BATCH_SIZE = 50;
/** How many attempts of one provider this process resumes at the same time. */
const PARALLEL_RESUMES = 3;
const POLL_INTERVAL_MS = 15_000;
/** How long, after an interruption, the next try is left to the client. */
const GRACE_SECONDS = 10;

/**
 * Resumes what is interrupted, at the start and every 15 seconds. Any number of processes may do
 * so. Each provider has runs of its own, so that one that does not answer delays no other. Returns
 * the function that stops it after the current runs.
 */
export function resumeInterrupted<L extends Lease>(
  database: Knex,
  table: LeaseTable<L>,
  log: Log,
  resume: (interrupted: Interrupted) => Promise<void>,
): () => Promise<void> {
  const runs = new RunPerKey();
  const logFailure = (error: unknown) =>
    log.warn(
      { event: "resume_round_failed", table: table.name, err: error },
      "Interrupted payments could not be resumed; the next round tries again",
    );
  const startRuns = async () => {
    const found = await findInterrupted(database, table, GRACE_SECONDS, BATCH_SIZE);
    for (const [provider, interrupted] of byProvider(found))
      runs.start(provider, () => resumeAll(interrupted, resume).catch(logFailure));
  };
  const stop = poll(() => startRuns().catch(logFailure), POLL_INTERVAL_MS);
  return async () => {
    await stop();
    await runs.stop();
  };
}

/** Resumes, once, what was interrupted at least `graceSeconds` ago and is due. */
export async function resumeInterruptedOnce<L extends Lease>(
  database: Knex,
  table: LeaseTable<L>,
  graceSeconds: number,
  resume: (interrupted: Interrupted) => Promise<void>,
): Promise<void> {
  const found = await findInterrupted(database, table, graceSeconds, BATCH_SIZE);
  await Promise.all(
    [...byProvider(found).values()].map((interrupted) => resumeAll(interrupted, resume)),
  );
}

function byProvider(found: readonly Interrupted[]): Map<string, Interrupted[]> {
  const groups = new Map<string, Interrupted[]>();
  for (const interrupted of found) {
    const provider = interrupted.provider_id ?? "";
    groups.set(provider, [...(groups.get(provider) ?? []), interrupted]);
  }
  return groups;
}

/** Resumes what is one provider's, some of it at the same time. */
async function resumeAll(
  interrupted: readonly Interrupted[],
  resume: (interrupted: Interrupted) => Promise<void>,
): Promise<void> {
  const remaining = [...interrupted];
  const resumeInTurn = async () => {
    for (let next = remaining.shift(); next; next = remaining.shift()) await resume(next);
  };
  await Promise.all(Array.from({ length: PARALLEL_RESUMES }, resumeInTurn));
}
