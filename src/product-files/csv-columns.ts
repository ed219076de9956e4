import { FileError } from "./file-error.ts";
import { type Field, productFields, variantFields } from "./product-fields.ts";

/** What a column of Medusa's product CSV holds. */
export type ColumnKind =
  | { readonly is: "handle" | "product id" | "variant id" | "tags" | "type" | "ignored" }
  | { readonly is: "product field" | "variant field"; readonly name: string; readonly field: Field }
  | { readonly is: "collection" | "profile"; readonly part: string }
  | { readonly is: "channel" | "category"; readonly number: number; readonly part: string }
  | { readonly is: "option name" | "option value" | "image"; readonly number: number }
  | { readonly is: "price"; readonly currency: string; readonly region?: string };

/** A column of a file. */
export interface Column {
  readonly header: string;
  readonly index: number;
  /** Whether its cells are about the variant of the row, not about the product. */
  readonly ofVariant: boolean;
  readonly kind: ColumnKind;
}

const fixed = new Map<string, ColumnKind>([
  ["Product Id", { is: "product id" }],
  ["Product Handle", { is: "handle" }],
  ["Product Collection Title", { is: "collection", part: "title" }],
  ["Product Collection Handle", { is: "collection", part: "handle" }],
  ["Product Type", { is: "type" }],
  ["Product Tags", { is: "tags" }],
  ["Product Profile Name", { is: "profile", part: "name" }],
  ["Product Profile Type", { is: "profile", part: "type" }],
  ["Variant Id", { is: "variant id" }],
  ...Object.entries(productFields).flatMap(([name, field]): [string, ColumnKind][] =>
    field.header ? [[field.header, { is: "product field", name, field }]] : [],
  ),
  ...Object.entries(variantFields).flatMap(([name, field]): [string, ColumnKind][] =>
    field.header ? [[field.header, { is: "variant field", name, field }]] : [],
  ),
]);

type Match = readonly (string | undefined)[];

const patterns: readonly [RegExp, (match: Match) => ColumnKind][] = [
  [/^Option (\d+) Name$/, ([, n]) => ({ is: "option name", number: Number(n) })],
  [/^Option (\d+) Value$/, ([, n]) => ({ is: "option value", number: Number(n) })],
  [/^Image (\d+) Url$/, ([, n]) => ({ is: "image", number: Number(n) })],
  [
    /^Sales Channel (\d+) (Id|Name|Description)$/,
    ([, n, part]) => ({ is: "channel", number: Number(n), part: part!.toLowerCase() }),
  ],
  [
    /^Product Category (\d+) (Handle|Name|Description)$/,
    ([, n, part]) => ({ is: "category", number: Number(n), part: part!.toLowerCase() }),
  ],
  [
    /^Price (.+) \[([A-Z]{3})\]$/,
    ([, region, code]) => ({ is: "price", region: region!, currency: code!.toLowerCase() }),
  ],
  [/^Price ([A-Z]{3})$/, ([, code]) => ({ is: "price", currency: code!.toLowerCase() })],
];

const OF_VARIANT = new Set(["variant id", "variant field", "option value", "price"]);

/** Returns what a column with this header holds, or `undefined` if there is none. */
export function columnKind(header: string): ColumnKind | undefined {
  const known = fixed.get(header);
  if (known) return known;
  for (const [pattern, kind] of patterns) {
    const match = pattern.exec(header);
    if (match) return kind(match);
  }
  return undefined;
}

/**
 * Returns the columns of a file.
 * @throws FileError if one is not known, is there twice, or the handle is missing
 */
export function columnsOf(headers: readonly string[]): Column[] {
  const columns = headers.map((written, index): Column => {
    const header = written.trim();
    const kind = header === "" ? ({ is: "ignored" } as const) : columnKind(header);
    if (!kind) throw new FileError(unknownColumn(header));
    return { header, index, kind, ofVariant: OF_VARIANT.has(kind.is) };
  });
  if (!columns.some(({ kind }) => kind.is === "handle"))
    throw new FileError('The column "Product Handle" is missing: it says which product a row is.');
  const named = columns.filter(({ kind }) => kind.is !== "ignored");
  const twice = named.find(({ header }, index) =>
    named.some((other, before) => before < index && other.header === header),
  );
  if (twice) throw new FileError(`The column "${twice.header}" is there twice.`);
  return columns;
}

function unknownColumn(header: string): string {
  const meant = [...fixed.keys(), ...shapes].find((name) => folded(name) === folded(header));
  const hint = meant
    ? ` Is "${meant}" meant?`
    : " docs/import.md lists the columns; delete it if it is not needed.";
  return `There is no column "${header}".${hint}`;
}

/** One example of each numbered column, to find what is meant. */
const shapes = ["Option 1 Name", "Option 1 Value", "Image 1 Url", "Price EUR"];

const folded = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");
