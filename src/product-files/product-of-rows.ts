import type { Column } from "./csv-columns.ts";
import type {
  FieldValue,
  NamedInput,
  PriceInput,
  ProductInput,
  ReadProduct,
  Refusal,
  VariantInput,
} from "./product-input.ts";
import { readCell } from "./read-cells.ts";

/** A row of a CSV file, and the line where it begins. */
export interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/** More variants of one product are refused. */
export const MAX_VARIANTS = 1000;

/** Returns the product of the rows that have one handle, or why it cannot be read. */
export function productOfRows(columns: readonly Column[], rows: readonly Row[]): ReadProduct {
  const [first] = rows;
  const handle = cellOf(columns.find(({ kind }) => kind.is === "handle")!, first!);
  const refusals: Refusal[] = [];
  const refuse = ({ line }: Row, message: string) =>
    void refusals.push({ place: `line ${line}`, ...(handle && { handle }), message });
  if (handle.trim() === "") refuse(first!, "Product Handle is empty");
  if (rows.length > MAX_VARIANTS) refuse(first!, `a product has at most ${MAX_VARIANTS} variants`);
  for (const row of rows) {
    if (row.cells.length !== columns.length)
      refuse(row, `the row has ${row.cells.length} cells, not ${columns.length} as the first row`);
    for (const column of columns.filter(({ ofVariant }) => !ofVariant))
      if (cellOf(column, row) !== "" && cellOf(column, row) !== cellOf(column, first!))
        refuse(row, `${column.header} differs from line ${first!.line}, of the same product`);
  }
  const product = readProduct(columns, first!, (message) => refuse(first!, message));
  const variants = rows
    .filter((row) => hasVariant(columns, row))
    .map((row) => readVariant(columns, { row, first: first! }, (message) => refuse(row, message)));
  if (refusals.length > 0) return { refusals };
  return { input: { ...product, place: `line ${first!.line}`, handle, variants } };
}

type Refuse = (message: string) => void;

const cellOf = ({ index }: Column, { cells }: Row) => cells[index] ?? "";

/** A row without any cell of a variant stands for a product without variants. */
const hasVariant = (columns: readonly Column[], row: Row) =>
  columns.some((column) => column.ofVariant && cellOf(column, row) !== "");

function readProduct(
  columns: readonly Column[],
  row: Row,
  refuse: Refuse,
): Omit<ProductInput, "place" | "handle" | "variants"> {
  const fields = readFields(columns, row, "product field", refuse);
  const cellsOf = (is: string) => columns.filter(({ kind }) => kind.is === is);
  const one = (is: string) => cellsOf(is).map((column) => cellOf(column, row))[0];
  const id = one("product id");
  const [type, tags] = [one("type"), one("tags")];
  const lists = {
    images: numbered(cellsOf("image"), row),
    options: numbered(cellsOf("option name"), row),
  };
  return {
    ...(id && { id }),
    fields,
    ...(type !== undefined && { type: type || null }),
    ...(tags !== undefined && { tags: splitTags(tags) }),
    ...(lists.images && { images: lists.images }),
    ...(lists.options && { options: lists.options }),
    ...partsOf("collection", cellsOf("collection"), row),
    ...partsOf("profile", cellsOf("profile"), row),
    ...groupsOf("channels", cellsOf("channel"), row),
    ...groupsOf("categories", cellsOf("category"), row),
  };
}

/** Returns the tags of a cell, as in `summer,sale`, without the blanks around them. */
function splitTags(cell: string): string[] {
  const tags = cell.split(",").map((tag) => tag.trim());
  return [...new Set(tags.filter((tag) => tag !== ""))];
}

/** Returns the cells that are not empty, by their number, or `undefined` without such columns. */
function numbered(columns: readonly Column[], row: Row): string[] | undefined {
  if (columns.length === 0) return undefined;
  return [...columns]
    .sort((one, other) => numberOf(one) - numberOf(other))
    .map((column) => cellOf(column, row))
    .filter((cell) => cell !== "");
}

const numberOf = ({ kind }: Column) => ("number" in kind ? kind.number : 0);
const partOf = ({ kind }: Column) => ("part" in kind ? kind.part : "");

function partsOf(name: "collection" | "profile", columns: readonly Column[], row: Row) {
  if (columns.length === 0) return {};
  const parts = namedBy(columns, row);
  if (Object.keys(parts).length > 0) return { [name]: parts };
  return name === "collection" ? { collection: null } : {};
}

function groupsOf(name: "channels" | "categories", columns: readonly Column[], row: Row) {
  if (columns.length === 0) return {};
  const numbers = [...new Set(columns.map(numberOf))].sort((one, other) => one - other);
  const groups = numbers
    .map((number) =>
      namedBy(
        columns.filter((column) => numberOf(column) === number),
        row,
      ),
    )
    .filter((group) => group.id ?? group.name ?? group.handle);
  return { [name]: groups };
}

function namedBy(columns: readonly Column[], row: Row): NamedInput & { title?: string } {
  const cells = columns.map((column) => [partOf(column), cellOf(column, row)] as const);
  return Object.fromEntries(cells.filter(([, cell]) => cell !== ""));
}

/** A row, and the first one of its product, which the others need not repeat. */
interface RowOfProduct {
  readonly row: Row;
  readonly first: Row;
}

function readVariant(
  columns: readonly Column[],
  { row, first }: RowOfProduct,
  refuse: Refuse,
): VariantInput {
  const id = columns.filter(({ kind }) => kind.is === "variant id").map((c) => cellOf(c, row))[0];
  return {
    place: `line ${row.line}`,
    ...(id && { id }),
    fields: readFields(columns, row, "variant field", refuse),
    options: readOptions(columns, { row, first }, refuse),
    prices: readPrices(columns, row),
    allPrices: false,
  };
}

function readFields(
  columns: readonly Column[],
  row: Row,
  of: "product field" | "variant field",
  refuse: Refuse,
): Record<string, FieldValue> {
  const fields: Record<string, FieldValue> = {};
  for (const column of columns) {
    if (column.kind.is !== of) continue;
    const read = readCell(cellOf(column, row), column.kind.field);
    if ("wrong" in read) refuse(`${column.header} ${read.wrong}`);
    else if (read.value !== undefined) fields[column.kind.name] = read.value;
  }
  return fields;
}

function readOptions(
  columns: readonly Column[],
  { row, first }: RowOfProduct,
  refuse: Refuse,
): Record<string, string> {
  const options: Record<string, string> = {};
  for (const column of columns) {
    if (column.kind.is !== "option value") continue;
    const value = cellOf(column, row);
    if (value === "") continue;
    const { number } = column.kind;
    const name = columns.find(({ kind }) => kind.is === "option name" && kind.number === number);
    const title = name && (cellOf(name, row) || cellOf(name, first));
    if (!title) refuse(`${column.header} "${value}" has no Option ${number} Name`);
    else options[title] = value;
  }
  return options;
}

function readPrices(columns: readonly Column[], row: Row): PriceInput[] {
  return columns.flatMap((column) => {
    if (column.kind.is !== "price") return [];
    const { region, currency } = column.kind;
    const amount = cellOf(column, row) || null;
    const of = region === undefined ? {} : { region: { name: region } };
    return [{ currency, ...of, amount, label: column.header }];
  });
}
