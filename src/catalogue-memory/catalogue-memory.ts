import { LRUCache } from "lru-cache";
import { ChangesMeanwhile } from "./changes-meanwhile.ts";
import { FinishedBody } from "./finished-body.ts";
import { type Change, KeptBody, type SentForm, type Sources } from "./kept-body.ts";

/** What a builder made: its JSON, and what may change it. */
export interface Built {
  readonly text: string;
  readonly sources: Sources;
}

interface Build {
  readonly promise: Promise<KeptBody>;
  readonly changes: ChangesMeanwhile;
}

/** Reads the times at which the catalogue changes by the clock, from now on, ascending. */
export type ReadClock = () => Promise<readonly number[]>;

/**
 * Keeps finished bodies of catalogue reads, bounded in bytes. It serves only while it is told that
 * the database's notifications arrive; a body is kept only if none that concerns it arrived since
 * its reading began.
 */
export class CatalogueMemory {
  readonly counts = { hits: 0, misses: 0, drops: 0 };
  readonly #bodies: LRUCache<string, KeptBody>;
  readonly #aliases = new Map<string, KeptBody>();
  /** The bodies that show a variant's stock. */
  readonly #stockOf = new Map<string, Set<KeptBody>>();
  /** Those that depend on any stock. */
  readonly #anyStock = new Set<KeptBody>();
  readonly #builds = new Map<string, Build>();
  readonly #running = new Set<ChangesMeanwhile>();
  #clock: Promise<readonly number[]> | undefined;
  #servesUntil = 0;

  constructor(
    maxBytes: number,
    private readonly readClock: ReadClock,
    compresses: boolean,
  ) {
    this.#bodies = new LRUCache<string, KeptBody>({
      maxSize: maxBytes,
      maxEntrySize: Math.ceil(maxBytes / 8),
      sizeCalculation: (kept) => kept.size(compresses),
      dispose: (kept) => this.#forget(kept),
    });
  }

  /** The bytes that are kept. */
  get bytes(): number {
    return this.#bodies.calculatedSize;
  }

  /** Says until when notifications are known to arrive, in milliseconds of the monotonic clock. */
  serveUntil(time: number): void {
    this.#servesUntil = time;
  }

  /** Returns whether notifications are known to arrive; drops everything if they may not have. */
  get isCurrent(): boolean {
    if (performance.now() < this.#servesUntil) return true;
    if (this.#servesUntil > 0) this.suspend();
    return false;
  }

  /** Drops everything, and serves nothing until told otherwise. */
  suspend(): void {
    this.#servesUntil = 0;
    this.drop("any");
  }

  /** Returns the body that answers a request sent exactly so. */
  byAlias(alias: string): KeptBody | undefined {
    if (!this.isCurrent) return;
    const kept = this.#aliases.get(alias);
    return kept && this.#current(kept.key);
  }

  /** Remembers that a request sent exactly so is answered by this body, in this form. */
  remember(kept: KeptBody, alias: string, kind: string, form: SentForm): void {
    if (this.#bodies.peek(kept.key) !== kept) return;
    kept.addForm(kind, form);
    if (this.#aliases.get(alias) === kept) return;
    this.#aliases.set(alias, kept);
    for (const removed of kept.addAlias(alias)) this.#aliases.delete(removed);
  }

  /** Returns the body under a key, built at most once for all that wait for it. */
  async read(key: string, route: string, build: () => Promise<Built>): Promise<KeptBody> {
    const known = this.isCurrent ? this.#current(key) : undefined;
    if (known) {
      this.counts.hits++;
      return known;
    }
    this.counts.misses++;
    const running = this.#builds.get(key);
    if (running) return running.promise;
    const changes = new ChangesMeanwhile(!this.isCurrent);
    const made: Build = { changes, promise: this.#build(key, route, build, changes) };
    if (!changes.concernsAll) this.#builds.set(key, made);
    try {
      return await made.promise;
    } finally {
      if (this.#builds.get(key) === made) this.#builds.delete(key);
    }
  }

  /** Drops the bodies that a change may concern, also those that are being built. */
  drop(change: Change): void {
    for (const changes of this.#running) changes.add(change);
    // A build that began before may have read what was: new requests do not wait for it.
    this.#builds.clear();
    if (change === "any") {
      this.counts.drops += this.#bodies.size;
      this.#clock = undefined;
      this.#bodies.clear();
    } else if ("table" in change) {
      this.#clock = undefined;
      for (const kept of this.#bodies.values())
        if (!kept.sources.tables || kept.sources.tables.has(change.table)) this.#drop(kept);
    } else {
      for (const kept of this.#anyStock) this.#drop(kept);
      for (const id of change.stockOf)
        for (const kept of this.#stockOf.get(id) ?? []) this.#drop(kept);
    }
  }

  #drop(kept: KeptBody): void {
    if (this.#bodies.delete(kept.key)) this.counts.drops++;
  }

  #current(key: string): KeptBody | undefined {
    const kept = this.#bodies.get(key);
    if (!kept || Date.now() < kept.expiresAt) return kept;
    this.#bodies.delete(key);
    return undefined;
  }

  async #build(
    key: string,
    route: string,
    build: () => Promise<Built>,
    changes: ChangesMeanwhile,
  ): Promise<KeptBody> {
    this.#running.add(changes);
    try {
      const times = await this.#clockTimes();
      const startedAt = Date.now();
      const { text, sources } = await build();
      const expiresAt = times.find((time) => time >= startedAt) ?? Number.POSITIVE_INFINITY;
      const kept = new KeptBody(key, route, new FinishedBody(text), sources, expiresAt);
      if (this.isCurrent && !changes.concern(sources)) this.#keep(kept);
      return kept;
    } finally {
      this.#running.delete(changes);
    }
  }

  #keep(kept: KeptBody): void {
    this.#bodies.set(kept.key, kept);
    if (this.#bodies.peek(kept.key) !== kept) return;
    const { stockOf } = kept.sources;
    if (!stockOf) this.#anyStock.add(kept);
    for (const id of stockOf ?? []) {
      const showing = this.#stockOf.get(id);
      if (showing) showing.add(kept);
      else this.#stockOf.set(id, new Set([kept]));
    }
  }

  #forget(kept: KeptBody): void {
    for (const alias of kept.aliases)
      if (this.#aliases.get(alias) === kept) this.#aliases.delete(alias);
    this.#anyStock.delete(kept);
    for (const id of kept.sources.stockOf ?? []) {
      const showing = this.#stockOf.get(id);
      showing?.delete(kept);
      if (showing?.size === 0) this.#stockOf.delete(id);
    }
  }

  async #clockTimes(): Promise<readonly number[]> {
    const known = this.#clock;
    const times = await known;
    // A list may end before the catalogue's last change: when it is used up, it is read again.
    if (times && (times.length === 0 || Date.now() <= (times.at(-1) ?? 0))) return times;
    if (this.#clock !== known && this.#clock) return this.#clock;
    const reading = this.readClock();
    this.#clock = reading;
    reading.catch(() => {
      if (this.#clock === reading) this.#clock = undefined;
    });
    return reading;
  }
}
