import type { FinishedBody } from "./finished-body.ts";

/** An answer as it was sent to a client of one kind. */
export interface SentForm {
  readonly status: number;
  /** Names and values in turn. The values at the two places below are replaced each time. */
  readonly headers: string[];
  /** Where the request's id is in `headers`. */
  readonly idAt: number;
  /** Where the `RateLimit` is, or -1 for a client that is not counted. */
  readonly limitAt: number;
  readonly bytes: Buffer | undefined;
}

/** What may change an answer. */
export interface Sources {
  /** The tables whose rows may decide it; undefined stands for all. */
  readonly tables: ReadonlySet<string> | undefined;
  /** The variants whose stock it shows; undefined stands for any. */
  readonly stockOf: ReadonlySet<string> | undefined;
}

/** A change of the catalogue, as the database reports it. */
export type Change = { readonly table: string } | { readonly stockOf: readonly string[] } | "any";

const MAX_FORMS = 12;
const MAX_ALIASES = 6;
/** Of all aliases of a body. */
const MAX_ALIAS_CHARACTERS = 4_096;
/** Of keys, forms and aliases of one body, in bytes; generous. */
const OVERHEAD_BYTES = 8_192;
/** Of an id and its place in the index; generous. */
const BYTES_PER_ID = 200;

/** A body in memory, with what ends its life and the forms in which it was sent. */
export class KeptBody {
  /** By kind of request: method, origin, accepted encodings, whether the client has it already. */
  readonly forms = new Map<string, SentForm>();
  /** The requests that are answered by it, as sent. */
  readonly aliases = new Set<string>();

  constructor(
    readonly key: string,
    readonly route: string,
    readonly body: FinishedBody,
    readonly sources: Sources,
    /** In milliseconds since 1970. */
    readonly expiresAt: number,
  ) {}

  /** Keeps a form; the oldest makes room. */
  addForm(kind: string, form: SentForm): void {
    if (this.forms.size >= MAX_FORMS) this.forms.delete([...this.forms.keys()][0] ?? "");
    this.forms.set(kind, form);
  }

  /** Keeps an alias and returns those that had to make room; the alias itself if it is too long. */
  addAlias(alias: string): string[] {
    if (alias.length > MAX_ALIAS_CHARACTERS) return [alias];
    this.aliases.add(alias);
    const removed: string[] = [];
    let characters = [...this.aliases].reduce((sum, { length }) => sum + length, 0);
    for (const oldest of this.aliases) {
      if (this.aliases.size <= MAX_ALIASES && characters <= MAX_ALIAS_CHARACTERS) break;
      this.aliases.delete(oldest);
      characters -= oldest.length;
      removed.push(oldest);
    }
    return removed;
  }

  /** Returns the bytes that it takes, with one compressed body if `compresses`. */
  size(compresses: boolean): number {
    const ids = this.sources.stockOf?.size ?? 0;
    return (
      this.body.bytes.length * (compresses ? 2 : 1) +
      2 * this.key.length +
      BYTES_PER_ID * ids +
      OVERHEAD_BYTES
    );
  }
}
