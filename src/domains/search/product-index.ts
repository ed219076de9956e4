import type { Knex } from "knex";
import { isDue, refreshProducts } from "./search-queries.ts";

/** Products that are indexed by one statement; few enough for any statement timeout. */
const BATCH_SIZE = 500;
/**
 * How long searches wait for a refresh, in milliseconds. Afterwards they answer, and the refresh
 * continues in the background.
 */
const WAIT_TIMEOUT_MS = 2000;

/**
 * Errors despite which a search may answer: a lock not available, a canceled statement, a deadlock,
 * a read-only database.
 */
const TOLERATED_ERROR_CODES = new Set(["55P03", "57014", "40P01", "25006"]);

/**
 * Keeps the search index up to date with committed changes, by whatever program they were written.
 * Concurrent searches of one process share the work.
 */
export class ProductIndex {
  private running: Promise<void> | undefined;
  private runningSince = 0;

  constructor(private readonly database: Knex) {}

  /**
   * Updates the index with all changes committed before the call. A search right after an import of
   * thousands of products may be answered before all of them are indexed.
   */
  async refresh(): Promise<void> {
    if (!(await isDue(this.database))) return;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((done) => {
      const waited = this.running ? performance.now() - this.runningSince : 0;
      timer = setTimeout(done, Math.max(0, WAIT_TIMEOUT_MS - waited));
    });
    const refreshed = this.catchUp();
    // An error after the search has answered occurs again in the next search.
    refreshed.catch(() => undefined);
    try {
      await Promise.race([refreshed, timeout]);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * A refresh that started earlier may have missed the latest changes, so another one follows it.
   */
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
