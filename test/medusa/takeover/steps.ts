/** A part of a proof that is over. */
export interface Step {
  readonly name: string;
  readonly seconds: number;
  /** What was found, in a few words; "" if there is nothing to say. */
  readonly note: string;
}

/** A proof that failed. The message names the step. */
export class StepError extends Error {
  constructor(step: string, cause: unknown) {
    super(`${step}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Takes the time of each step of a proof. */
export class Steps {
  readonly done: Step[] = [];
  readonly #show: (step: Step) => void;

  constructor(show: (step: Step) => void) {
    this.#show = show;
  }

  /**
   * Runs a step. What it returns is the note of its line, or goes to the caller with a note.
   * @throws StepError it failed
   */
  async run(name: string, action: () => Promise<string | undefined>): Promise<void> {
    const begin = performance.now();
    try {
      const note = (await action()) ?? "";
      const step = { name, seconds: (performance.now() - begin) / 1000, note };
      this.done.push(step);
      this.#show(step);
    } catch (error) {
      throw new StepError(name, error);
    }
  }
}
