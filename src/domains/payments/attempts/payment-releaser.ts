import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { onCommitSignal } from "../../../commands/commit-signals.ts";
import { runInTransaction } from "../../../commands/transaction.ts";
import { poll } from "../../../concurrency/poll.ts";
import { RunPerKey } from "../../../concurrency/run-per-key.ts";
import { databaseRefusalOf } from "../../../database/database-errors.ts";
import type { Providers } from "../../../providers/providers.ts";
import { runForRequest } from "../../../runtime/current-request.ts";
import type { Log } from "../../../runtime/log.ts";
import { saveReleasedPayment } from "../payment-queries.ts";
import { recordReleasedSession } from "../payment-session-queries.ts";
import { isGivenUp } from "./back-off.ts";
import { holdLeases } from "./hold-leases.ts";
import { recordStep } from "./lease-queries.ts";
import { type ReleasedPayment, releasePayment } from "./refund-or-void.ts";
import {
  acquireDueReleases,
  acquireReleasesOf,
  deleteOldReleases,
  findProvidersToRelease,
  markReleased,
  type PaymentRelease,
  postponeRelease,
  RELEASE_QUEUED,
  releaseLeases,
} from "./release-leases.ts";

interface PaymentReleaserDeps {
  readonly database: Knex;
  readonly providers: Providers;
  readonly log: Log;
  /** How long a release is remembered after it was done. */
  readonly days: number;
}

const POLL_INTERVAL_MS = 15_000;
/** How many payments of one provider this process releases at the same time. */
const PARALLEL_RELEASES = 4;
/** How long a completion waits for former payments of its cart. */
const MAX_WAIT_MS = 1000;

/**
 * Refunds or voids the payments whose release is queued: at once after the transaction that queues
 * one, at the start, and every 15 seconds. Any number of processes may do so. Each provider has
 * runs of its own, so that one that does not answer delays no other.
 */
export class PaymentReleaser {
  readonly #runs = new RunPerKey();
  readonly #missing = new Set<string>();

  constructor(private readonly deps: PaymentReleaserDeps) {
    onCommitSignal(deps.database, RELEASE_QUEUED, () =>
      // It serves all that is due, whoever has queued it.
      runForRequest(undefined, () => void this.releaseDue()),
    );
  }

  /** Starts the background rounds. Returns the function that stops them after the current ones. */
  start(): () => Promise<void> {
    const stopPolling = poll(async () => {
      await this.releaseDue();
      await deleteOldReleases(this.deps.database, this.deps.days).catch(this.#logFailure);
    }, POLL_INTERVAL_MS);
    return async () => {
      await stopPolling();
      await this.#runs.stop();
    };
  }

  /** Starts a run for each provider with due releases. Does not wait for the providers. */
  async releaseDue(): Promise<void> {
    const { database, providers } = this.deps;
    const due = await findProvidersToRelease(database).catch(this.#logFailure);
    for (const { provider_id, count } of due ?? []) {
      if (providers.payment.has(provider_id))
        this.#runs.start(provider_id, () => this.#releaseAll(provider_id));
      else this.#logMissing(provider_id, count);
    }
  }

  /**
   * Tries the releases of a cart or a payment collection once more, so that a shopper's money is
   * not held twice. Waits for a second at most; what takes longer continues in the background.
   */
  async releaseSoon(resourceId: string): Promise<void> {
    const { database, providers } = this.deps;
    const releases = await acquireReleasesOf(database, resourceId, PARALLEL_RELEASES);
    if (releases.length === 0) return;
    const tries = releases.map((release) =>
      providers.payment.has(release.provider_id)
        ? this.release(release)
        : postponeRelease(database, release),
    );
    const timer = new AbortController();
    const timeout = sleep(MAX_WAIT_MS, undefined, { signal: timer.signal, ref: false });
    await Promise.race([Promise.allSettled(tries), timeout.catch(() => undefined)]);
    timer.abort();
  }

  /** Waits until no run of this process is under way. */
  async whenIdle(): Promise<void> {
    await this.#runs.whenIdle();
  }

  /**
   * Refunds or voids a payment whose lease is held. A failure is counted, and the next try is left
   * to the background rounds.
   * @throws ProviderError
   * @throws LeaseLostError
   */
  async release(release: PaymentRelease): Promise<ReleasedPayment> {
    const { database } = this.deps;
    try {
      return await holdLeases(this.deps, releaseLeases, [release], () => this.#release(release));
    } catch (error) {
      await postponeRelease(database, release).catch(this.#logFailure);
      throw error;
    }
  }

  async #releaseAll(providerId: string): Promise<void> {
    const slots = Array.from({ length: PARALLEL_RELEASES }, () => this.#releaseInTurn(providerId));
    await Promise.all(slots).catch(this.#logFailure);
  }

  async #releaseInTurn(providerId: string): Promise<void> {
    for (;;) {
      const [release] = await acquireDueReleases(this.deps.database, providerId, 1);
      if (!release) return;
      const run = () => this.release(release);
      await runForRequest(release.request_id, run).catch(() => undefined);
    }
  }

  #release(release: PaymentRelease): Promise<ReleasedPayment> {
    const { database, providers, log } = this.deps;
    const { attempt, resource_id: resourceId, amount, currency_code: currencyCode, data } = release;
    const payment = {
      ...{ attempt, resourceId, amount, currencyCode, data },
      mayBeGone: release.state === "deleting" || isGivenUp(release),
      recordDeletion: () => recordStep(database, releaseLeases, release, { state: "deleting" }),
    };
    const provider = providers.payment.get(release.provider_id);
    return releasePayment(log, provider, payment, async (released) => {
      await this.#settle(release, released);
      const { outcome } = released;
      log.info(
        {
          event: "payment_released",
          provider: provider.id,
          resource: resourceId,
          attempt,
          outcome,
        },
        "A payment that pays for nothing was released",
      );
    });
  }

  /**
   * Records what became of a payment. If the database refuses the rows of that, at least the queue
   * has it: the money is not refunded a second time.
   */
  async #settle(release: PaymentRelease, released: ReleasedPayment): Promise<void> {
    const { database, log } = this.deps;
    try {
      await runInTransaction(database, (trx) => settle(trx, release, released));
    } catch (error) {
      if (!databaseRefusalOf(error)) throw error;
      const { attempt, resource_id: resource, provider_id: provider } = release;
      log.error(
        { event: "released_payment_not_saved", provider, resource, attempt, err: error },
        "A payment was refunded or voided, but the database refuses its row",
      );
      await runInTransaction(database, (trx) => markReleased(trx, release, released));
    }
  }

  #logMissing(provider: string, count: number): void {
    if (this.#missing.has(provider)) return;
    this.#missing.add(provider);
    this.deps.log.warn(
      { event: "payment_release_waiting", provider, count },
      "Payments wait for their release by a server that has their provider; this one does not",
    );
  }

  readonly #logFailure = (error: unknown): undefined => {
    this.deps.log.warn(
      { event: "release_round_failed", err: error },
      "Queued payments could not be released; the next round tries again",
    );
  };
}

/** Records what became of a payment: in its row, in its session, and in the queue. */
async function settle(
  trx: Knex.Transaction,
  release: PaymentRelease,
  released: ReleasedPayment,
): Promise<void> {
  await saveReleasedPayment(trx, release, released);
  if (release.session_id !== null) await recordReleasedSession(trx, release.session_id, released);
  await markReleased(trx, release, released);
}
