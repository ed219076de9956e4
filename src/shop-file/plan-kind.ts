import type { Knex } from "knex";
import { changesOf, type FieldChange } from "./changes.ts";
import type { Existing, Kind, Path, Reference, World } from "./kind.ts";
import type { Names, Noun } from "./names.ts";
import type { Entry, Section, ShopFile } from "./shop-file-schema.ts";

/** Something that applying a shop file inserts or updates. */
export interface PlannedChange {
  readonly action: "create" | "update";
  readonly noun: Noun;
  readonly label: string;
  readonly changes: readonly FieldChange[];
  /** Writes it and returns its id. What it refers to must have been written before. */
  apply(trx: Knex): Promise<string>;
}

/** A reason not to apply a shop file, with its place in the file. */
export interface FileRefusal {
  readonly path: Path;
  readonly message: string;
}

/** An entry that waits for products that are not there yet. */
export interface WaitingEntry {
  readonly noun: Noun;
  readonly label: string;
  readonly missing: readonly string[];
}

/** What one kind of entries leads to. */
export interface KindPlan {
  readonly changes: readonly PlannedChange[];
  readonly refusals: readonly FileRefusal[];
  readonly waiting: readonly WaitingEntry[];
  /** The labels of what is in the database and not in the file. */
  readonly leftAlone: { readonly noun: Noun; readonly labels: readonly string[] };
}

/** What an entry refers to that is neither in the database nor in the file. */
export interface MissingNames {
  isMissing(reference: Reference): boolean;
  /** Whether an entry that refers to a missing product waits instead of being refused. */
  mayWait(reference: Reference): boolean;
  /** Returns the refusal of an entry that refers to it, with the name that may be meant. */
  messageFor(reference: Reference): string;
}

interface Placed<S extends Section> {
  readonly entry: Entry<S>;
  readonly path: Path;
}

/** The entries of one kind, in a file and in the database. */
export class KindPlanner<S extends Section, D extends Partial<Entry<S>>> {
  readonly #placed: readonly Placed<S>[];
  #existing: readonly Existing<Entry<S>>[] = [];
  readonly #byKey = new Map<string, Existing<Entry<S>>[]>();

  constructor(
    readonly kind: Kind<S, D>,
    file: ShopFile,
  ) {
    const placed = entriesOf(file, kind.section);
    const rank = (one: Placed<S>) => kind.rank?.(one.entry) ?? 0;
    this.#placed = placed.toSorted((one, other) => rank(one) - rank(other));
  }

  /** Reads the rows and remembers their names. */
  async load(trx: Knex, names: Names): Promise<void> {
    const { kind } = this;
    this.#existing = await kind.read(
      trx,
      this.#placed.map(({ entry }) => kind.keyOf(entry)),
    );
    for (const one of this.#existing) {
      const key = kind.keyOf(one.entry);
      this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), one]);
      names.set(kind.noun, key, one.id);
    }
  }

  get section(): S {
    return this.kind.section;
  }

  /** Returns all rows as entries, without the keys whose values are the defaults. */
  async readAll(trx: Knex): Promise<object[]> {
    const defaults = Object.entries(this.kind.defaults);
    return (await this.kind.read(trx, undefined)).map(({ entry }) => {
      const isDefault = (key: string, value: unknown) =>
        defaults.some(([name, usual]) => name === key && isSame(value, usual));
      const identity = this.kind.identity.map((key) => [key, entry[key]]);
      const others = Object.entries(entry).filter(([key, value]) => !isDefault(key, value));
      return Object.fromEntries([...identity, ...others]);
    });
  }

  /** Returns the references of all entries, with their places in the file. */
  references(): Reference[] {
    return this.#placed.flatMap(({ entry, path }) =>
      this.kind.references(entry).map((one) => ({ ...one, path: [...path, ...one.path] })),
    );
  }

  /** Returns the names of the entries of the file. */
  names(): { noun: Noun; name: string }[] {
    return this.#placed.map(({ entry }) => ({
      noun: this.kind.noun,
      name: this.kind.keyOf(entry),
    }));
  }

  /** Returns all entries as they will be. */
  merged(): Entry<S>[] {
    const { keyOf } = this.kind;
    const entries = new Map(this.#existing.map(({ entry }) => [keyOf(entry), entry]));
    for (const { entry } of this.#placed) {
      const before = this.#match(entry)[0]?.entry;
      if (before) entries.delete(keyOf(before));
      entries.set(keyOf(entry), Object.assign({}, this.kind.defaults, before, entry));
    }
    return [...entries.values()];
  }

  /** Compares the file with the database. */
  plan(world: World, missing: MissingNames): KindPlan {
    const named = new Set<string>();
    const [changes, refusals, waiting]: [PlannedChange[], FileRefusal[], WaitingEntry[]] = [
      [],
      [],
      [],
    ];
    const seen = new Set<string>();
    for (const placed of this.#placed) {
      const matches = this.#match(placed.entry);
      for (const { id } of matches) named.add(id);
      const key = this.kind.keyOf(placed.entry);
      const found = seen.has(key)
        ? [{ path: placed.path, message: `${this.#nameOf(placed.entry)} stands here twice` }]
        : this.#refusalsOf(placed, matches, world, missing);
      seen.add(key);
      const absent = this.#absentOf(placed.entry, missing);
      if (found.length > 0) refusals.push(...found);
      else if (absent.length > 0)
        waiting.push({ ...this.#titleOf(placed.entry), missing: [...new Set(absent)] });
      else changes.push(...this.#changesOf(placed.entry, matches[0], world.names));
    }
    const rest = this.#existing.filter(({ id }) => !named.has(id));
    const labels = rest.map(({ entry }) => this.kind.labelOf(entry)).filter(Boolean);
    return { changes, refusals, waiting, leftAlone: { noun: this.kind.noun, labels } };
  }

  #match(entry: Entry<S>): Existing<Entry<S>>[] {
    const same = this.#byKey.get(this.kind.keyOf(entry));
    if (same) return same;
    if (!this.kind.alike) return [];
    return this.#existing.filter((one) => this.kind.alike?.(entry, one.entry));
  }

  #refusalsOf(
    { entry, path }: Placed<S>,
    matches: readonly Existing<Entry<S>>[],
    world: World,
    missing: MissingNames,
  ): FileRefusal[] {
    const refused: FileRefusal[] = [];
    if (matches.length > 1)
      refused.push({ path, message: `the shop has ${matches.length} of ${this.#nameOf(entry)}` });
    for (const one of this.kind.references(entry))
      if (missing.isMissing(one) && !missing.mayWait(one))
        refused.push({ path: one.path, message: missing.messageFor(one) });
    refused.push(...(this.kind.refusals?.(entry, matches[0]?.entry, world) ?? []));
    return refused.map((one) =>
      one.path === path ? one : { ...one, path: [...path, ...one.path] },
    );
  }

  #absentOf(entry: Entry<S>, missing: MissingNames): string[] {
    return this.kind
      .references(entry)
      .filter((one) => missing.isMissing(one) && missing.mayWait(one))
      .map(({ noun, name }) => `${noun} "${name}"`);
  }

  #changesOf(
    entry: Entry<S>,
    existing: Existing<Entry<S>> | undefined,
    names: Names,
  ): PlannedChange[] {
    const { kind } = this;
    const changes = changesOf(existing?.entry ?? namesOf(entry, kind.identity), entry);
    if (existing && changes.length === 0) return [];
    const apply = async (trx: Knex) => {
      const before = existing?.entry;
      const complete = Object.assign({}, kind.defaults, before, entry);
      const id = await kind.write(trx, { id: existing?.id, entry: complete, before }, names);
      names.set(kind.noun, kind.keyOf(entry), id);
      return id;
    };
    return [{ action: existing ? "update" : "create", ...this.#titleOf(entry), changes, apply }];
  }

  #titleOf(entry: Entry<S>) {
    return { noun: this.kind.noun, label: this.kind.labelOf(entry) };
  }

  #nameOf(entry: Entry<S>): string {
    return `${this.kind.noun} ${this.kind.labelOf(entry)}`;
  }
}

function namesOf<E extends object>(entry: E, identity: readonly (string & keyof E)[]): object {
  return Object.fromEntries(identity.map((key) => [key, entry[key]]));
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

function entriesOf<S extends Section>(file: ShopFile, section: S): Placed<S>[] {
  const part: unknown = file[section];
  if (part === undefined) return [];
  // TypeScript does not follow from a section to the type of its entries.
  if (!Array.isArray(part)) return [{ entry: part as Entry<S>, path: [section] }];
  return part.map((entry: Entry<S>, index) => ({ entry, path: [section, index] }));
}
