import type { Knex } from "knex";
import { runInTransaction } from "../../commands/transaction.ts";
import { poll } from "../../concurrency/poll.ts";
import type { Providers } from "../../providers/providers.ts";
import type { Log } from "../../runtime/log.ts";
import { findClosedCollections } from "./collection-queries.ts";
import { releaseIfClosed } from "./release-collection.ts";

const POLL_INTERVAL_MS = 15_000;
const BATCH_SIZE = 100;

/**
 * Releases, every 15 seconds, what was paid for order edits that another program has canceled or
 * declined, or whose order it has canceled. Returns the function that stops it after the current
 * round.
 */
export function releaseClosedCollections(
  database: Knex,
  providers: Providers,
  log: Log,
): () => Promise<void> {
  const logFailure = (error: unknown) =>
    log.warn(
      { event: "closed_collections_round_failed", err: error },
      "Payments of closed order edits could not be released; the next round tries again",
    );
  return poll(
    () => releaseClosedCollectionsOnce(database, providers).catch(logFailure),
    POLL_INTERVAL_MS,
  );
}

/** Runs one round. */
export async function releaseClosedCollectionsOnce(
  database: Knex,
  providers: Providers,
): Promise<void> {
  for (const id of await findClosedCollections(database, BATCH_SIZE))
    await runInTransaction(database, (trx) => releaseIfClosed(trx, providers, id));
}
