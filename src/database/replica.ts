import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { poll } from "../concurrency/poll.ts";
import type { Log } from "../runtime/log.ts";
import { query, sql } from "./sql.ts";

/** Where the primary's log of changes ended, and when that was asked, in milliseconds. */
interface Position {
  readonly lsn: bigint;
  readonly at: number;
}

/** The replica that a read has begun on cannot be used any more. */
export class ReplicaLostError extends Error {}

/** How many checks there are within the greatest lag; at least one a second. */
const CHECKS_PER_LAG = 10;
const MAX_INTERVAL_MS = 1000;
/** A check that takes longer counts as failed. */
const CHECK_TIMEOUT_MS = 2000;

/**
 * A streaming replica of the shop's database, for reads that may be some seconds old. It is checked
 * continually, and not used while it does not answer, is not a replica any more, or lags more
 * than `maxLagMs` behind the primary.
 *
 * The lag is measured by positions in the primary's log: what the replica has applied was the end
 * of that log at a time that this process knows. So an idle primary does not look like a lag, a
 * replica that has lost its primary does, and no two clocks are compared.
 */
export class Replica {
  #positions: Position[] = [];
  #freshAsOf = Number.NEGATIVE_INFINITY;
  /** Why it is not used; undefined while it is. */
  #failure: string | undefined = "it was not checked yet";
  readonly #waiting = new Set<(lost: ReplicaLostError) => void>();

  constructor(
    readonly knex: Knex,
    private readonly primary: Knex,
    private readonly maxLagMs: number,
    private readonly log: Log,
  ) {}

  /** Whether reads may be sent to it. */
  get isUsable(): boolean {
    return this.#failure === undefined && this.#lag() <= this.maxLagMs;
  }

  /**
   * Runs a read that uses the replica.
   * @throws ReplicaLostError as soon as the replica is set aside, and what `read` throws
   */
  async whileUsable<T>(read: () => T | Promise<T>): Promise<T> {
    let leave: (lost: ReplicaLostError) => void = () => undefined;
    const lost = new Promise<never>((_, reject) => {
      leave = reject;
    });
    this.#waiting.add(leave);
    try {
      return await Promise.race([read(), lost]);
    } finally {
      this.#waiting.delete(leave);
    }
  }

  /** Starts the checks. Returns the function that ends them. */
  start(): () => Promise<void> {
    const interval = Math.min(this.maxLagMs / CHECKS_PER_LAG, MAX_INTERVAL_MS);
    return poll(() => this.check(), interval);
  }

  /** Does not use it until a check succeeds. */
  setAside(reason: string): void {
    if (this.#failure !== reason)
      this.log.warn(
        { event: "replica_unusable", reason },
        "The replica is not used: catalogue reads go to the primary",
      );
    this.#failure = reason;
    for (const leave of this.#waiting) leave(new ReplicaLostError(reason));
  }

  /** Runs one check. Never rejects. */
  async check(): Promise<void> {
    const failure = await this.#findFailure().catch((error: Error) => error.message);
    if (failure !== undefined) return this.setAside(failure);
    if (this.#failure !== undefined)
      this.log.info({ event: "replica_used" }, "Catalogue reads go to the replica");
    this.#failure = undefined;
  }

  /** How old the replica's data may be, in milliseconds. */
  #lag(): number {
    return performance.now() - this.#freshAsOf;
  }

  async #findFailure(): Promise<string | undefined> {
    const at = performance.now();
    const lsn = await inTime(readEnd(this.primary));
    if (lsn === undefined) return "the primary is a replica itself";
    this.#positions.push({ lsn, at });
    const applied = await inTime(readApplied(this.knex));
    if (applied === undefined) return "it is no streaming replica";
    const known = this.#positions.findLastIndex((position) => position.lsn <= applied);
    if (known >= 0) this.#freshAsOf = this.#positions[known]!.at;
    this.#positions = this.#positions
      .slice(Math.max(0, known))
      .filter((position) => at - position.at <= this.maxLagMs);
    return this.#lag() > this.maxLagMs ? "it lags behind the primary" : undefined;
  }
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = sleep(CHECK_TIMEOUT_MS, undefined, { signal: timer.signal }).then(() => {
    throw new Error("a check was not answered in time");
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    timer.abort();
    late.catch(() => undefined);
  }
}

async function readEnd(primary: Knex): Promise<bigint | undefined> {
  const [row] = await query<{ lsn: string | null }>(
    primary,
    sql`select case when not pg_is_in_recovery() then pg_current_wal_lsn()::text end as lsn`,
  );
  return row?.lsn ? numberOf(row.lsn) : undefined;
}

async function readApplied(replica: Knex): Promise<bigint | undefined> {
  const [row] = await query<{ lsn: string | null }>(
    replica,
    sql`select case when pg_is_in_recovery() then pg_last_wal_replay_lsn()::text end as lsn`,
  );
  return row?.lsn ? numberOf(row.lsn) : undefined;
}

/** Parses a position such as `16/B374D848`. */
function numberOf(lsn: string): bigint {
  const [high = "0", low = "0"] = lsn.split("/");
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}
