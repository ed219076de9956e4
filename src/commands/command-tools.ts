import { newId } from "../database/new-id.ts";
import type { CallProvider } from "./provider-calls.ts";

/** What a change of a cart may use beside its transaction. */
export interface CommandTools {
  readonly callProvider: CallProvider;
  /**
   * An id for a row that the change makes; the same one when the change has to run again after a
   * provider was asked.
   */
  readonly newId: (prefix: string) => string;
}

/**
 * Gives the ids that a change asks for, and the same ones again from the start after each
 * `restart`.
 */
export class StableIds {
  readonly #ids: string[] = [];
  #issued = 0;

  restart(): void {
    this.#issued = 0;
  }

  readonly next = (prefix: string): string => {
    const index = this.#issued++;
    const existing = this.#ids[index];
    if (existing?.startsWith(`${prefix}_`)) return existing;
    const fresh = newId(prefix);
    this.#ids[index] = fresh;
    return fresh;
  };

  /** Whether an id is one that was asked for since. */
  readonly isIssued = (id: string | null): boolean =>
    id !== null && this.#ids.slice(0, this.#issued).includes(id);
}
