import { Readable } from "node:stream";
import { parse } from "csv-parse";
import { columnsOf } from "./csv-columns.ts";
import { FileError } from "./file-error.ts";
import { prepend } from "./prepend.ts";
import type { ReadProduct } from "./product-input.ts";
import { MAX_VARIANTS, productOfRows, type Row } from "./product-of-rows.ts";

/** A longer row is most likely a quote that is not closed. */
const MAX_ROW_CHARACTERS = 1_000_000;
const DELIMITERS = [";", ",", "\t"] as const;

/**
 * Reads the products of Medusa's product CSV, one after the other. The delimiter is found in the
 * first row. Rows of one product stand together.
 * @throws FileError if a column is not known, or the text is no CSV
 */
export async function* readCsv(text: AsyncIterable<string>): AsyncGenerator<ReadProduct> {
  const { head, all } = await withFirstLine(text);
  const parser = Readable.from(all).pipe(
    parse({
      delimiter: delimiterOf(head),
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: MAX_ROW_CHARACTERS,
    }),
  );
  const records = recordsOf(parser);
  const { value: header } = await records.next();
  if (!header) throw new FileError("The file is empty.");
  const columns = columnsOf(header.cells);
  const handleAt = columns.find(({ kind }) => kind.is === "handle")!.index;
  for await (const rows of productsOf(records, handleAt)) yield productOfRows(columns, rows);
}

/** Returns the rows of each product. What is above the bound is left out, and refused. */
async function* productsOf(records: AsyncIterable<Row>, handleAt: number): AsyncGenerator<Row[]> {
  let rows: Row[] = [];
  const handleOf = ({ cells }: Row) => cells[handleAt] ?? "";
  for await (const row of records) {
    const belongs = rows.length > 0 && handleOf(row) !== "" && handleOf(row) === handleOf(rows[0]!);
    if (!belongs) {
      if (rows.length > 0) yield rows;
      rows = [];
    }
    if (rows.length <= MAX_VARIANTS) rows.push(row);
  }
  if (rows.length > 0) yield rows;
}

interface CsvRecord {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

/** @throws FileError if the text is no CSV */
async function* recordsOf(parser: AsyncIterable<CsvRecord>): AsyncGenerator<Row> {
  let line = 0;
  try {
    for await (const { record, info } of parser) {
      const breaks = record.reduce((sum, cell) => sum + lineBreaksIn(cell), 0);
      line = info.lines;
      yield { line: line - breaks, cells: record };
    }
  } catch (error) {
    if (!(error instanceof Error) || !Reflect.has(error, "code")) throw error;
    throw new FileError(`After line ${line} the text is no CSV: ${error.message}`);
  }
}

const lineBreaksIn = (cell: string) =>
  cell.includes("\n") || cell.includes("\r") ? cell.split(/\r\n|\n|\r/).length - 1 : 0;

/** Returns the first line, without a byte order mark, and the whole text. */
async function withFirstLine(
  text: AsyncIterable<string>,
): Promise<{ head: string; all: AsyncIterable<string> }> {
  const parts = text[Symbol.asyncIterator]();
  let head = "";
  while (!/[\r\n]/.test(head) && head.length < MAX_ROW_CHARACTERS) {
    const { value, done } = await parts.next();
    if (done) break;
    head += value;
  }
  const start = head.replace(/^\uFEFF/, "");
  return { head: start.split(/[\r\n]/, 1)[0]!, all: prepend(start, parts) };
}

/** Returns the delimiter that the first row has most often. */
function delimiterOf(head: string): string {
  const outsideQuotes = head.replace(/"[^"]*"/g, "");
  const counts = DELIMITERS.map((each) => outsideQuotes.split(each).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}
