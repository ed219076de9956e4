import { type Document, isMap, isNode, LineCounter, parseDocument, type YAMLMap } from "yaml";
import type { z } from "zod";
import { StartupError } from "../core/startup-error.ts";
import type { Path } from "./kind.ts";
import { type ShopFile, shopFileSchema } from "./shop-file-schema.ts";

/** A checked shop file that knows its lines. */
export interface ReadShopFile {
  readonly shop: ShopFile;
  /** Returns a message with the place where something stands: `shop.yaml:12: …`. */
  messageAt(path: Path, message: string): string;
}

const MAX_CHARACTERS = 10_000_000;
const MAX_MESSAGES = 20;

/**
 * Reads a shop file; `name` stands before each message.
 * @throws StartupError if it is no YAML, or not as a shop file has to be; with all lines at fault
 */
export function readShopFile(text: string, name: string): ReadShopFile {
  if (text.length > MAX_CHARACTERS)
    throw new StartupError(`${name} has more than ${MAX_CHARACTERS} characters.`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0)
    throw refused(
      document.errors.map(
        ({ pos, message }) => `${name}:${lines.linePos(pos[0]).line}: ${message}`,
      ),
    );
  const messageAt = (path: Path, message: string) =>
    `${name}:${lines.linePos(offsetOf(document, path)).line}: ${subjectOf(path)}${message}`;
  const parsed = shopFileSchema.safeParse(contentOf(document, name));
  if (parsed.success) return { shop: parsed.data, messageAt };
  throw refused(parsed.error.issues.map((issue) => messageAt(...placeOf(issue, document))));
}

/** Returns the error of a file with messages, of which the first ones are shown. */
export function refused(messages: readonly string[]): StartupError {
  const more = messages.length - MAX_MESSAGES;
  const shown = messages.slice(0, MAX_MESSAGES);
  return new StartupError([...shown, ...(more > 0 ? [`… and ${more} more`] : [])].join("\n"));
}

/** @throws StartupError if too many aliases are resolved */
function contentOf(document: Document.Parsed, name: string): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    throw new StartupError(`${name}: ${(error as Error).message}`);
  }
}

type Issue = z.core.$ZodIssue;

/** An unknown key is told where it stands, and a missing one in words of its own. */
function placeOf(issue: Issue, document: Document.Parsed): [Path, string] {
  const path = issue.path.filter((part) => typeof part !== "symbol");
  if (issue.code === "unrecognized_keys") return [[...path, issue.keys[0] ?? ""], issue.message];
  const node = document.getIn(path, true);
  if (node === undefined && path.length > 0) return [path, "it is missing"];
  const value = isNode(node) ? node.toJS(document) : node;
  if (issue.code === "invalid_type" && issue.expected === "string" && typeof value === "number")
    return [path, `write it in quotes: "${value}"`];
  return [path, issue.message];
}

/** Returns the key that a path leads to, as the beginning of a message. */
function subjectOf(path: Path): string {
  const key = path.findLast((part) => typeof part === "string");
  return path.length > 0 && key !== undefined ? `${key}: ` : "";
}

/** Returns the offset of the last part of a path that exists. */
function offsetOf(document: Document.Parsed, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const offset = offsetOfLast(document, path.slice(0, length));
    if (offset !== undefined) return offset;
  }
  return 0;
}

function offsetOfLast(document: Document.Parsed, path: Path): number | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) return keyOffset(parent, last);
  const node = document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}

function keyOffset(map: YAMLMap, key: unknown): number | undefined {
  const pair = map.items.find((one) => isNode(one.key) && one.key.toJSON() === key);
  return isNode(pair?.key) ? pair.key.range?.[0] : undefined;
}
