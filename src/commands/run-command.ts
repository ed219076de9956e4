import type { Knex } from "knex";
import { serializeByKey } from "../concurrency/serialize-by-key.ts";
import type { RequestContext } from "../core/request-context.ts";
import { commitAhead } from "../database/transaction.ts";
import { type CommandTools, StableIds } from "./command-tools.ts";
import { runIdempotently } from "./idempotency.ts";
import { withProviderCalls } from "./provider-calls.ts";
import { RerunError } from "./rerun-on-request.ts";
import { retryWhileBusy } from "./retry-while-busy.ts";
import { runInTransaction, type Transaction } from "./transaction.ts";

/** Which commands a command runs after, and how long it waits. */
export interface CommandOrder {
  /** Commands with the same key run one after another within this process. */
  readonly key?: string;
  /** How long the command is run again after a BusyError, the time in the queue included. */
  readonly waitMs?: number;
}

export interface CommandOptions<T> extends CommandOrder {
  /** Returns what a repeated request receives, where that differs from the answer. */
  readonly toStoredAnswer?: (answer: T) => unknown;
}

/**
 * Runs one state-changing use case: waits behind other commands with the same key in this process;
 * opens a transaction; locks the idempotency key; runs `execute`; stores the answer; commits.
 * Re-runs from the start after a serialization failure, while another process holds the lease (up
 * to `waitMs`), or once a provider has been called. `execute` may therefore run several times: act
 * only through `trx`, take ids from `newId`, and save nothing before the last provider call.
 * @throws BusyError another process still holds the lease after `waitMs` · ConflictError the
 * question to a provider has changed three times · ProviderError · NotAllowedError the provider
 * refuses · what `execute` throws
 */
export function runCommand<T>(
  database: Knex,
  ctx: Pick<RequestContext, "idempotency">,
  { key, waitMs, toStoredAnswer }: CommandOptions<T>,
  execute: (trx: Transaction, tools: CommandTools) => Promise<T>,
): Promise<T> {
  const ids = new StableIds();
  const commitFirst: CommandTools["commitFirst"] = (subject, commit, afterCommit) => {
    throw new RerunError(subject, async () => {
      await runInTransaction(database, commit);
      await afterCommit?.();
    });
  };
  const run = () =>
    withProviderCalls((callProvider) => {
      const start = (trx: Transaction) => {
        ids.restart();
        const showLast: CommandTools["showLast"] = (show) => {
          const shown = show();
          if (!ctx.idempotency) commitAhead(database, trx);
          return shown;
        };
        const tools = { callProvider, newId: ids.next, isNewId: ids.isIssued, commitFirst };
        return execute(trx, { ...tools, showLast });
      };
      return runIdempotently(database, ctx, start, toStoredAnswer);
    });
  const until = Date.now() + (waitMs ?? 0);
  const runOrWait = waitMs === undefined ? run : () => retryWhileBusy(run, { until });
  return key === undefined ? runOrWait() : serializeByKey(key, runOrWait);
}
