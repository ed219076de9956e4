/** What must be ended, whatever happens: processes, databases, folders. */
export class Closers {
  readonly #closers: (() => Promise<void> | void)[] = [];
  #isClosing = false;

  /** True once the run was interrupted or is over: what comes now must not start. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** Adds what must be ended; it is ended before what was added earlier. */
  add(close: () => Promise<void> | void): void {
    this.#closers.push(close);
  }

  /** Ends everything once. What fails is named, and does not keep the rest from being ended. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (let close = this.#closers.pop(); close; close = this.#closers.pop())
      try {
        await close();
      } catch (error) {
        console.error(`Something could not be ended: ${(error as Error).message}`);
      }
  }

  /**
   * Runs a program, and ends everything when it is over or interrupted. An error sets the exit code
   * and is printed as `describe` returns it, unless it only says that everything is being ended.
   */
  async runToEnd(
    main: () => Promise<void>,
    describe = (error: unknown): unknown => error,
  ): Promise<void> {
    this.#closeOnSignals();
    try {
      await main();
    } catch (error) {
      if (this.#isClosing) return;
      console.error(describe(error));
      process.exitCode = 1;
    } finally {
      if (!this.#isClosing) await this.close();
    }
  }

  /** Ends everything when the run is interrupted, and then this process. */
  #closeOnSignals(): void {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.on(signal, () => {
        if (this.#isClosing) return;
        console.error("\nInterrupted: stopping the servers and dropping the databases");
        void this.close().finally(() => process.exit(130));
      });
  }
}
