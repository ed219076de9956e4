import { createReadStream, statSync } from "node:fs";
import { FileError } from "./file-error.ts";
import type { ReadProduct } from "./product-input.ts";
import { readCsv } from "./read-csv.ts";
import { readJson } from "./read-json.ts";
import { readText } from "./read-text.ts";

/** The formats of a file of products. */
export type FileFormat = "csv" | "json";

/** An open file of products. */
export interface ProductFile {
  readonly products: AsyncIterable<ReadProduct>;
  /** How many bytes it has, if that is known. */
  readonly size: number | undefined;
  /** How many bytes of it have been read. */
  bytesRead(): number;
}

/** Returns the format that a file's name says, or `undefined`. */
export function formatOf(name: string): FileFormat | undefined {
  if (/\.(csv|tsv|txt)$/i.test(name)) return "csv";
  return /\.(json|jsonl|ndjson)$/i.test(name) ? "json" : undefined;
}

/**
 * Opens a file of products; `-` is standard input.
 * @throws FileError if there is none that can be read
 */
export function openProductFile(name: string, format: FileFormat): ProductFile {
  const size = name === "-" ? undefined : sizeOf(name);
  const bytes: AsyncIterable<Uint8Array> = name === "-" ? process.stdin : createReadStream(name);
  let read = 0;
  const text = readText(bytes, (count) => {
    read += count;
  });
  const products = format === "csv" ? readCsv(text) : readJson(text);
  return { products, size, bytesRead: () => read };
}

function sizeOf(name: string): number {
  const found = statSync(name, { throwIfNoEntry: false });
  if (!found) throw new FileError(`There is no file ${name}.`);
  if (found.isDirectory()) throw new FileError(`${name} is a directory, not a file.`);
  return found.size;
}
