import type { Knex } from "knex";
import { isDue, refreshProducts } from "./search-queries.ts";

/** Products read anew in one statement: well below any statement's time limit. */
const BATCH_SIZE = 500;
/**
 * How long searches wait for one run of reading, in milliseconds; after that they answer, and it
 * goes on behind them.
 */
const WAIT_TIMEOUT_MS = 2000;

/**
 * What a search may answer without: a lock or a turn that did not come in time, a database that
 * only reads.
 */
const TOLERATED_ERROR_CODES = new Set(["55P03", "57014", "40P01", "25006"]);

/**
 * Keeps the index of products up to what was committed, by whomever; searches of one process share
 * the work.
 */
export class ProductIndex {
  private running: Promise<void> | undefined;
  private runningSince = 0;

  constructor(private readonly database: Knex) {}

  /**
   * Brings the index up to all that was committed before the call. A search after the import of
   * thousands of products may be answered before all of them are read.
   */
  async refresh(): Promise<void> {
    if (!(await isDue(this.database))) return;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((done) => {
      const waited = this.running ? performance.now() - this.runningSince : 0;
      timer = setTimeout(done, Math.max(0, WAIT_TIMEOUT_MS - waited));
    });
    const caughtUp = this.catchUp();
    // What fails after the search has answered is met again by the next one.
    caughtUp.catch(() => undefined);
    try {
      await Promise.race([caughtUp, timeout]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** A run that began before may have missed the latest changes, so that another one follows it. */
  private async catchUp(): Promise<void> {
    if (this.running) {
      await this.running;
      if (!(await isDue(this.database))) return;
    }
    this.running ??= this.run();
    await this.running;
  }

  private async run(): Promise<void> {
    this.runningSince = performance.now();
    try {
      await this.refreshAll();
    } finally {
      this.running = undefined;
    }
  }

  private async refreshAll(): Promise<void> {
    try {
      while ((await refreshProducts(this.database, BATCH_SIZE)) > 0);
    } catch (error) {
      if (!TOLERATED_ERROR_CODES.has((error as { code?: string }).code ?? "")) throw error;
    }
  }
}
