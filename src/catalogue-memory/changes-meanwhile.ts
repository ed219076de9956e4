import type { Change, Sources } from "./kept-body.ts";

/** What has changed while an answer was read. */
export class ChangesMeanwhile {
  #any: boolean;
  readonly #tables = new Set<string>();
  readonly #stockOf = new Set<string>();

  constructor(isMissingSome: boolean) {
    this.#any = isMissingSome;
  }

  /** Whether the answer cannot be kept, whatever it depends on. */
  get concernsAll(): boolean {
    return this.#any;
  }

  add(change: Change): void {
    if (change === "any") this.#any = true;
    else if ("table" in change) this.#tables.add(change.table);
    else for (const id of change.stockOf) this.#stockOf.add(id);
  }

  /** Returns whether an answer with these sources may be older than one of the changes. */
  concern({ tables, stockOf }: Sources): boolean {
    if (this.#any) return true;
    if ([...this.#tables].some((table) => !tables || tables.has(table))) return true;
    return [...this.#stockOf].some((id) => !stockOf || stockOf.has(id));
  }
}
