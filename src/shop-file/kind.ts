import type { Knex } from "knex";
import type { Names, Noun } from "./names.ts";
import type { Entry, Section } from "./shop-file-schema.ts";

/** Where something stands in a shop file: keys and numbers of entries. */
export type Path = readonly (string | number)[];

/** What an entry names and does not contain. The path begins at the entry. */
export interface Reference {
  readonly noun: Noun;
  readonly name: string;
  readonly path: Path;
}

/** A reason not to apply an entry. The path begins at the entry. */
export interface Refusal {
  readonly path: Path;
  readonly message: string;
}

/** A row of the database as an entry of a shop file would describe it, without gaps. */
export interface Existing<E> {
  readonly id: string;
  readonly entry: E;
}

/** What the rules of an entry may look at. */
export interface World {
  readonly names: Names;
  /** The regions as they will be, by name. */
  readonly regions: ReadonlyMap<string, Entry<"regions">>;
  /** All currencies and countries that the database knows, in lower case. */
  readonly currencyCodes: ReadonlySet<string>;
  readonly countryCodes: ReadonlySet<string>;
}

/** An entry to write, with what its row contains so far; that is undefined for a new one. */
export interface Written<E, Complete extends E> {
  readonly id: string | undefined;
  readonly entry: Complete;
  readonly before: E | undefined;
}

/**
 * A kind of entries: how they are matched with rows of the database, checked and written. Keys that
 * an entry leaves out have the value of `defaults` in a new row, and stay as they are in another.
 */
export interface Kind<S extends Section, D extends Partial<Entry<S>> = Partial<Entry<S>>> {
  readonly section: S;
  readonly noun: Noun;
  readonly defaults: D;
  /** The keys that make up its name. */
  readonly identity: readonly (string & keyof Entry<S>)[];
  /** Returns the name that tells entries apart. */
  keyOf(entry: Entry<S>): string;
  /** Returns the name for a person. */
  labelOf(entry: Entry<S>): string;
  /** Reads the rows; large parts are read only for `keys`, or for all if that is undefined. */
  read(trx: Knex, keys: readonly string[] | undefined): Promise<Existing<Entry<S>>[]>;
  /** Returns the existing row that an entry means, if its key is not that of any. */
  alike?(entry: Entry<S>, existing: Entry<S>): boolean;
  /** Returns what must be written before: entries with a smaller number come first. */
  rank?(entry: Entry<S>): number;
  references(entry: Entry<S>): Reference[];
  refusals?(entry: Entry<S>, before: Entry<S> | undefined, world: World): Refusal[];
  /** Writes a row with what belongs to it, and returns its id. */
  write(trx: Knex, written: Written<Entry<S>, Entry<S> & D>, names: Names): Promise<string>;
}

/** Returns references to the names of a list. */
export function referencesIn(
  noun: Noun,
  names: readonly string[] | undefined,
  ...path: Path
): Reference[] {
  return (names ?? []).map((name, index) => ({ noun, name, path: [...path, index] }));
}

/** Returns the reference to a name, or none if there is no name. */
export function referenceTo(
  noun: Noun,
  name: string | null | undefined,
  ...path: Path
): Reference[] {
  return name === null || name === undefined ? [] : [{ noun, name, path }];
}

/** Returns what tells a shipping option or a tax rate apart: its name within its region. */
export function nameInRegion({ region, name }: { region: string; name: string }): string {
  return `${region} / ${name}`;
}
