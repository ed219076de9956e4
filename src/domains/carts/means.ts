import { newId } from "../../database/new-id.ts";
import type { Ask } from "../../providers/consulting.ts";

/** What a change of a cart may use beside its transaction. */
export interface Means {
  readonly ask: Ask;
  /** An id for a row that the change makes; the same one when the change has to run again after a provider was asked. */
  readonly newId: (prefix: string) => string;
}

/** Gives the ids that a change asks for, and the same ones again from the start after each `restart`. */
export class KeptIds {
  readonly #kept: string[] = [];
  #given = 0;

  restart(): void {
    this.#given = 0;
  }

  readonly next = (prefix: string): string => {
    const index = this.#given++;
    const kept = this.#kept[index];
    if (kept?.startsWith(`${prefix}_`)) return kept;
    const fresh = newId(prefix);
    this.#kept[index] = fresh;
    return fresh;
  };

  /** Whether an id is one that was asked for since. */
  readonly isGiven = (id: string | null): boolean => id !== null && this.#kept.slice(0, this.#given).includes(id);
}
