import { existsSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A source map takes some 25 MB, so it is dropped after this time. */
const KEPT_MS = 60_000;
const POSITION = /(?:file:\/\/)?(\/[^\s()]+\.js):(\d+):(\d+)/g;
const ownDirectory = dirname(fileURLToPath(import.meta.url));
const maps = new Map<string, SourceMap | undefined>();

/**
 * Returns a text with the stack of an error, in which the positions in our bundle are those in our
 * source files. The source map is read only now: Node's `--enable-source-maps` reads it at the
 * start and keeps it.
 */
export function mapPositions(text: string): string {
  return text.replaceAll(POSITION, (position, file: string, line: string, column: string) => {
    if (!file.startsWith(ownDirectory)) return position;
    const origin = mapOf(file)?.findOrigin(Number(line), Number(column));
    if (!origin || !("fileName" in origin)) return position;
    const { fileName, lineNumber, columnNumber } = origin;
    return `${join(dirname(file), fileName)}:${lineNumber}:${columnNumber}`;
  });
}

function mapOf(file: string): SourceMap | undefined {
  if (!maps.has(file)) {
    if (maps.size === 0) setTimeout(() => maps.clear(), KEPT_MS).unref();
    maps.set(file, readMap(`${file}.map`));
  }
  return maps.get(file);
}

function readMap(file: string): SourceMap | undefined {
  return existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, "utf8"))) : undefined;
}
