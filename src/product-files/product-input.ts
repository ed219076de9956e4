/** The value of a field; `null` empties it. */
export type FieldValue = string | number | boolean | object | null;

/** The fields that a file sets, by the names of Medusa's columns. What is absent stays as it is. */
export type FieldValues = Readonly<Record<string, FieldValue>>;

/** Why something of a file is not imported. */
export interface Refusal {
  /** Where in the file, as in `line 812`. */
  readonly place: string;
  readonly handle?: string;
  readonly message: string;
}

/** A price in a file. */
export interface PriceInput {
  /** Lower case; a price by region may leave it out. */
  readonly currency?: string;
  readonly region?: { readonly id?: string; readonly name?: string };
  /** In the currency's smallest unit, or as a decimal text of the whole unit; `null` removes it. */
  readonly amount: number | string | null;
  /** What the file calls it, as in `Price EUR`. */
  readonly label: string;
}

/** A variant in a file. */
export interface VariantInput {
  readonly place: string;
  readonly id?: string;
  readonly fields: FieldValues;
  /** The values by the title of their option. */
  readonly options: Readonly<Record<string, string>>;
  readonly prices: readonly PriceInput[];
  /** Whether prices that are not named are removed. */
  readonly allPrices: boolean;
}

/** A row that is referred to by its own number or by a word. */
export interface NamedInput {
  readonly id?: string;
  readonly handle?: string;
  readonly name?: string;
  readonly description?: string;
}

/** A product in a file. What is `undefined` stays as it is. */
export interface ProductInput {
  readonly place: string;
  readonly id?: string;
  readonly handle: string;
  readonly fields: FieldValues;
  readonly collection?: { readonly handle?: string; readonly title?: string } | null;
  readonly type?: string | null;
  readonly tags?: readonly string[];
  readonly images?: readonly string[];
  readonly options?: readonly string[];
  readonly channels?: readonly NamedInput[];
  readonly categories?: readonly NamedInput[];
  readonly profile?: { readonly name?: string; readonly type?: string };
  readonly variants: readonly VariantInput[];
}

/** What a reader returns for each product of a file: the product, or why it cannot be read. */
export type ReadProduct =
  | { readonly input: ProductInput; readonly refusals?: undefined }
  | { readonly refusals: readonly Refusal[] };
