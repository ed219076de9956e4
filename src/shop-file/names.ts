/** What an entry of a shop file may refer to by a name. */
export type Noun =
  | "store"
  | "currency"
  | "sales channel"
  | "publishable key"
  | "customer group"
  | "return reason"
  | "shipping profile"
  | "region"
  | "shipping option"
  | "tax rate"
  | "price list"
  | "discount"
  | "gift card"
  | CatalogueNoun
  | ProviderNoun;

/** What belongs to the products: a shop file refers to it, and does not change it. */
export type CatalogueNoun =
  | "product"
  | "product type"
  | "product collection"
  | "product tag"
  | "variant";

/** The kinds of providers. */
export type ProviderNoun = "payment provider" | "fulfillment provider" | "tax provider";

/** The ids of rows by the names that a shop file uses for them. */
export class Names {
  readonly #ids = new Map<string, string>();

  /** Remembers the id of a row. */
  set(noun: Noun, name: string, id: string): void {
    this.#ids.set(`${noun} ${name}`, id);
  }

  /** Returns whether a row of that name exists. */
  has(noun: Noun, name: string): boolean {
    return this.#ids.has(`${noun} ${name}`);
  }

  /**
   * Returns the id of a row.
   * @throws Error if there is none; references are checked before anything is written
   */
  id(noun: Noun, name: string): string {
    const id = this.#ids.get(`${noun} ${name}`);
    if (id === undefined) throw new Error(`There is no ${noun} "${name}"`);
    return id;
  }

  /** Returns all names of one kind. */
  all(noun: Noun): string[] {
    const prefix = `${noun} `;
    return [...this.#ids.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length));
  }
}
