import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Template } from "liquidjs";
import { StartupError } from "../core/startup-error.ts";
import { withShorterTags } from "./choose-language.ts";
import type { TemplateEngine } from "./template-engine.ts";

/** The sentences of a mail by their names, each a template. */
export type Words = ReadonlyMap<string, readonly Template[]>;

/** The language of the built-in mails that has all words. */
export const BASE_LANGUAGE = "en";

/**
 * Reads the sentences of mails: files `order.placed/de.json` of the folders. A word of an earlier
 * folder stands for the same word of a later one.
 */
export class MailWords {
  readonly #read = new Map<string, Words>();

  constructor(
    private readonly engine: TemplateEngine,
    private readonly folders: readonly string[],
  ) {}

  /**
   * Returns the languages that a folder of templates has words in.
   * @throws StartupError if a file of words is not named after a language
   */
  languagesOf(name: string): Set<string> {
    const files = this.folders
      .map((folder) => join(folder, name))
      .filter(existsSync)
      .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
      .filter((file) => file.endsWith(".json"));
    return new Set(files.map(languageNamed));
  }

  /**
   * Returns the words of a mail in a language. What a language lacks is in the language with a
   * shorter tag, or else in English.
   * @throws StartupError if a file is no JSON object of texts, or a text is no template
   */
  of(name: string, language: string): Words {
    const languages = [BASE_LANGUAGE, ...withShorterTags(language).toReversed()];
    return new Map(
      ["parts", name].flatMap((part) =>
        languages.flatMap((tag) =>
          this.folders.toReversed().flatMap((folder) => [...this.#wordsIn(folder, part, tag)]),
        ),
      ),
    );
  }

  #wordsIn(folder: string, name: string, language: string): Words {
    const file = join(folder, name, `${language}.json`);
    const known = this.#read.get(file);
    if (known) return known;
    const words = existsSync(file) ? this.#parse(file) : new Map();
    this.#read.set(file, words);
    return words;
  }

  #parse(file: string): Words {
    return new Map(
      Object.entries(readTexts(file)).map(([word, text]) => {
        try {
          return [word, this.engine.text.parse(text)];
        } catch (error) {
          throw new StartupError(`${file}, "${word}": ${(error as Error).message}`);
        }
      }),
    );
  }
}

function languageNamed(file: string): string {
  const tag = basename(file, ".json");
  if (withShorterTags(tag)[0] !== tag)
    throw new StartupError(`${file} must be named after a language, such as de.json or de-AT.json`);
  return tag;
}

function readTexts(file: string): Record<string, string> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new StartupError(`${file} is no JSON: ${(error as Error).message}`);
  }
  if (typeof content !== "object" || content === null || Array.isArray(content))
    throw new StartupError(`${file} must be an object such as { "subject": "Your order" }`);
  const wrong = Object.entries(content).find(([, text]) => typeof text !== "string");
  if (wrong) throw new StartupError(`${file}: "${wrong[0]}" must be a text`);
  return content as Record<string, string>;
}
