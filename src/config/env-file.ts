import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { StartupError } from "../core/startup-error.ts";
import { nearestName } from "./nearest-name.ts";

/** A file of settings. */
export interface EnvFile {
  readonly path: string;
  /** A second one, which is not read. */
  readonly unread: string | undefined;
  readonly values: Readonly<Record<string, string>>;
  /** Names that other programs or the shop's own modules may read. */
  readonly otherNames: readonly string[];
  /** What is wrong with it, a sentence each. */
  readonly mistakes: readonly string[];
}

/**
 * Reads the first `.env` that one of the directories has, for settings with these names.
 * @throws StartupError if it cannot be read
 */
export function findEnvFile(
  directories: readonly string[],
  names: readonly string[],
): EnvFile | undefined {
  const files = [...new Set(directories.map((directory) => join(directory, ".env")))];
  const [path, unread] = files.filter((file) => existsSync(file));
  if (path === undefined) return undefined;
  return { path, unread, ...readEntries(textOf(path), path, names) };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new StartupError(`The settings in ${path} cannot be read: ${(error as Error).message}.`);
  }
}

function readEntries(text: string, path: string, names: readonly string[]) {
  const known = new Set(names);
  const entries = entriesOf(text);
  const strangers = entries.flatMap(({ name, line }) =>
    name === undefined || known.has(name) ? [] : [{ name, line, meant: nearestName(name, names) }],
  );
  const mistakes = [
    ...entries.flatMap((entry) => mistakesIn(entry, known)),
    ...strangers.flatMap(({ name, line, meant }) =>
      meant === undefined ? [] : [{ line, text: `${name} is no setting: is ${meant} meant?` }],
    ),
  ];
  return {
    values: parseEnv(text) as Record<string, string>,
    otherNames: strangers.map(({ name }) => name),
    mistakes: mistakes
      .toSorted((one, other) => one.line - other.line)
      .map((mistake) => `${path}, line ${mistake.line}: ${mistake.text}`),
  };
}

/** An entry, or a line that is none. */
interface Entry {
  /** Undefined for what is no NAME=value. */
  readonly name: string | undefined;
  /** As it is written, quotes included. */
  readonly value: string;
  readonly line: number;
}

/** A value in quotes may have several lines. */
const ENTRY =
  /^(?:export[ \t]+)?([\w.-]+)[ \t]*=[ \t]*("[^"]*"|'[^']*'|`[^`]*`|[^\n]*)[^\n]*(?:\n|$)/;

/** Takes the text apart as `parseEnv` does, which leaves out what it does not understand. */
function entriesOf(text: string): Entry[] {
  const entries: Entry[] = [];
  let rest = text.replaceAll("\r\n", "\n");
  for (let line = 1; rest !== ""; ) {
    const [indent = ""] = /^[ \t]*/.exec(rest) ?? [];
    const [taken, name, value = ""] = ENTRY.exec(rest.slice(indent.length)) ?? [];
    const whole = indent + (taken ?? /^[^\n]*(?:\n|$)/.exec(rest.slice(indent.length))![0]);
    const isEmpty = /^\s*(?:#|$)/.test(whole);
    if (!isEmpty) entries.push({ name, value: name === undefined ? whole.trim() : value, line });
    line += whole.split("\n").length - 1;
    rest = rest.slice(whole.length);
  }
  return entries;
}

/** Returns what is wrong with an entry, without its value, which may be a secret. */
function mistakesIn({ name, value, line }: Entry, known: ReadonlySet<string>) {
  if (name === undefined) {
    const [word = ""] = value.split(/[\s:]/);
    return [{ line, text: `write NAME=value${known.has(word) ? `, such as ${word}=...` : ""}` }];
  }
  const isCut = known.has(name) && /^[^"'`#\s][^#]*[^\s#]#/.test(value);
  return isCut ? [{ line, text: `the value of ${name} ends at its #: put it in quotes` }] : [];
}
