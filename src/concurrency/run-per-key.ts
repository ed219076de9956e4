/** Runs works with different keys beside each other, and each key's one after another. */
export class RunPerKey {
  readonly #running = new Map<string, Promise<void>>();
  readonly #again = new Set<string>();
  #isStopped = false;

  /**
   * Starts a work, unless one of the key is running: that one runs once more then. A work handles
   * its own errors.
   */
  start(key: string, work: () => Promise<void>): void {
    if (this.#running.has(key)) this.#again.add(key);
    else if (!this.#isStopped)
      this.#running.set(
        key,
        this.#run(key, work).finally(() => this.#running.delete(key)),
      );
  }

  /** Waits until nothing is running. */
  async whenIdle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  /** Starts nothing more, and waits until the current runs have ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.whenIdle();
  }

  async #run(key: string, work: () => Promise<void>): Promise<void> {
    do {
      this.#again.delete(key);
      await work();
    } while (this.#again.has(key) && !this.#isStopped);
  }
}
