import { Readable } from "node:stream";
import { streamArray } from "stream-json/streamers/stream-array.js";
import { FileError } from "./file-error.ts";
import { prepend } from "./prepend.ts";
import type { ReadProduct } from "./product-input.ts";
import { productOfJson } from "./product-of-json.ts";

/** A longer line is refused. */
const MAX_LINE_CHARACTERS = 10_000_000;

/**
 * Reads the products of a JSON array, or of JSON lines, one after the other.
 * @throws FileError if the text is neither
 */
export async function* readJson(text: AsyncIterable<string>): AsyncGenerator<ReadProduct> {
  const parts = text[Symbol.asyncIterator]();
  let head = "";
  while (head.trim() === "") {
    const { value, done } = await parts.next();
    if (done) throw new FileError("The file is empty.");
    head += value.replace(/^\uFEFF/, "");
  }
  const all = prepend(head, parts);
  yield* head.trimStart().startsWith("[") ? readArray(all) : readLines(all);
}

async function* readArray(text: AsyncIterable<string>): AsyncGenerator<ReadProduct> {
  const items: AsyncIterable<{ key: number; value: unknown }> = Readable.from(text).pipe(
    streamArray.withParserAsStream(),
  );
  let position = 0;
  try {
    for await (const { key, value } of items) {
      position = key + 1;
      yield productOfJson(value, `product ${position}`);
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new FileError(`After product ${position} the text is no JSON: ${error.message}`);
  }
}

async function* readLines(text: AsyncIterable<string>): AsyncGenerator<ReadProduct> {
  let number = 0;
  for await (const line of linesOf(text)) {
    number += 1;
    if (line.trim() !== "") yield productOfLine(line, `line ${number}`);
  }
}

function productOfLine(line: string, place: string): ReadProduct {
  try {
    return productOfJson(JSON.parse(line), place);
  } catch {
    const message = "this is no JSON; a file is an array of products, or has one product a line";
    return { refusals: [{ place, message }] };
  }
}

/** @throws FileError if a line is too long */
async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const part of text) {
    const lines = (rest + part).split("\n");
    rest = lines.pop()!;
    yield* lines;
    if (rest.length > MAX_LINE_CHARACTERS)
      throw new FileError(`A line has more than ${MAX_LINE_CHARACTERS} characters.`);
  }
  yield rest;
}
