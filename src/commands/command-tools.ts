import { newId } from "../database/new-id.ts";
import type { CallProvider } from "./provider-calls.ts";
import type { Transaction } from "./transaction.ts";

/** What a state-changing use case may use in addition to its transaction. */
export interface CommandTools {
  readonly callProvider: CallProvider;
  /**
   * Returns the id of a new row. It is the same id when the command runs again: the first `ps` of
   * one run is the first `ps` of the next. Rows whose order may differ between runs need a `name`.
   */
  readonly newId: (prefix: string, name?: string) => string;
  /** Whether this run of the command has taken the id from `newId`. */
  readonly isNewId: (id: string | null) => boolean;
  /**
   * Ends this run, commits `execute` in a transaction of its own, and runs the command again.
   * `subject` says what is committed, in words that are the same in each run. `afterCommit` runs in
   * between, while no transaction is open; if it throws, so does the command.
   */
  readonly commitFirst: (
    subject: string,
    execute: (trx: Transaction) => Promise<void>,
    afterCommit?: () => Promise<unknown>,
  ) => never;
  /**
   * Reads the answer, as the last thing of a command: `show` sends its statements at once, and
   * COMMIT travels with them unless the answer is stored.
   */
  readonly showLast: <S>(show: () => Promise<S>) => Promise<S>;
}

/** Issues the ids of a command's new rows. After each `restart` the same ids are issued again. */
export class StableIds {
  readonly #ids = new Map<string, string>();
  readonly #issued = new Set<string>();
  readonly #counts = new Map<string, number>();

  restart(): void {
    this.#issued.clear();
    this.#counts.clear();
  }

  readonly next = (prefix: string, name?: string): string => {
    const key = `${prefix} ${name ?? this.#count(prefix)}`;
    const id = this.#ids.get(key) ?? newId(prefix);
    this.#ids.set(key, id);
    this.#issued.add(id);
    return id;
  };

  readonly isIssued = (id: string | null): boolean => id !== null && this.#issued.has(id);

  #count(prefix: string): string {
    const count = (this.#counts.get(prefix) ?? 0) + 1;
    this.#counts.set(prefix, count);
    return `#${count}`;
  }
}
