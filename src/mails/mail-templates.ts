import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Template } from "liquidjs";
import { StartupError } from "../core/startup-error.ts";
import { projectRoot } from "../runtime/project-root.ts";
import { chooseLanguage } from "./choose-language.ts";
import { isMailName, type MailData, type MailName, mailNames } from "./mail-data.ts";
import { BASE_LANGUAGE, MailWords, type Words } from "./mail-words.ts";
import { plainData } from "./plain-data.ts";
import { messageWithFile, openTemplateEngine, type TemplateEngine } from "./template-engine.ts";

/** A mail that is written, without its recipient. */
export interface RenderedMail {
  readonly language: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** What every mail may say about the shop. */
export interface MailedShop {
  readonly name: string;
  readonly url: string;
}

/** What a mail is written from. */
export interface MailSource<Name extends MailName> {
  readonly data: MailData[Name];
  readonly shop: MailedShop;
  /** The languages that its reader may have, best first; what is none is skipped. */
  readonly languages: readonly unknown[];
  /** Refuses a variable that the data does not have, instead of writing nothing. */
  readonly isStrict?: boolean;
}

/** Languages that are written from right to left. */
const rightToLeft = new Set(["ar", "dv", "fa", "he", "ps", "ur", "yi"]);

const MAX_SUBJECT_LENGTH = 200;

/** The templates of all mails: the built-in ones, and the shop's own in their place. */
export class MailTemplates {
  readonly #words: MailWords;
  readonly #languages: ReadonlyMap<MailName, ReadonlySet<string>>;

  private constructor(
    private readonly engine: TemplateEngine,
    folders: readonly string[],
    private readonly defaultLanguage: string,
  ) {
    this.#words = new MailWords(engine, folders);
    this.#languages = new Map(mailNames.map((name) => [name, this.#words.languagesOf(name)]));
  }

  /**
   * Reads the templates. Words are read when they are first needed.
   * @param folder the shop's own templates, whose files stand for the built-in ones
   * @param language of a reader whose own is unknown or has no templates
   * @throws StartupError if the folder cannot be read or has a folder that is named after no mail
   */
  static async open(folder: string | undefined, language: string): Promise<MailTemplates> {
    const folders = [...(folder ? [requireTemplateFolder(folder)] : []), builtInFolder()];
    return new MailTemplates(await openTemplateEngine(folders), folders, language);
  }

  /** Returns the languages that a mail can be written in, sorted. */
  languagesOf(name: MailName): string[] {
    return [...(this.#languages.get(name) ?? [])].sort();
  }

  /**
   * Writes a mail in its reader's language.
   * @throws Error if a template is wrong; its message names the file and the line
   */
  render<Name extends MailName>(name: Name, source: MailSource<Name>): RenderedMail {
    const { shop, languages, isStrict = false } = source;
    const offered = this.#languages.get(name) ?? new Set();
    const language = chooseLanguage([...languages, this.defaultLanguage], offered) ?? BASE_LANGUAGE;
    const data = plainData({ ...source.data, shop }) as object;
    const direction = rightToLeft.has(language.split("-", 1)[0]!) ? "rtl" : "ltr";
    const writing = { globals: { ...data, language, direction }, strictVariables: isStrict };
    const words = this.#write(this.#words.of(name, language), writing);
    const subject = oneLine(words["subject"] ?? name);
    const globals = { ...writing.globals, words, subject };
    const whole = { ...writing, globals };
    try {
      const html: string = this.engine.html.renderFileSync(`${name}/mail.html`, {}, whole);
      const text: string = this.engine.text.renderFileSync(`${name}/mail.txt`, {}, whole);
      return { language, subject, text: tidied(text), html: tidied(html) };
    } catch (error) {
      throw new Error(messageWithFile(error, this.engine));
    }
  }

  #write(words: Words, writing: { globals: object; strictVariables: boolean }) {
    const written: Record<string, string> = {};
    for (const [word, template] of words) {
      try {
        written[word] = this.engine.text.renderSync(template as Template[], {}, writing);
      } catch (error) {
        throw new Error(`The word "${word}": ${(error as Error).message}`);
      }
    }
    return written;
  }
}

function builtInFolder(): string {
  return join(projectRoot(), "src", "mails", "templates");
}

function requireTemplateFolder(name: string): string {
  const folder = resolve(name);
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new StartupError(`MAIL_TEMPLATES names ${name}, which is no folder.`);
  const unknown = readdirSync(folder, { withFileTypes: true }).find(
    (entry) => entry.isDirectory() && !isKnownFolder(entry.name),
  );
  if (unknown)
    throw new StartupError(
      `MAIL_TEMPLATES has the folder ${unknown.name}, but there is no such mail. ` +
        `The mails are ${mailNames.join(", ")}.`,
    );
  return folder;
}

function isKnownFolder(name: string): boolean {
  return isMailName(name) || name === "parts" || name.startsWith(".");
}

/** A line break in a subject would begin another header. */
function oneLine(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp} ]+/gu, " ").trim();
  return [...line].slice(0, MAX_SUBJECT_LENGTH).join("");
}

/** Tags of templates leave empty lines. */
function tidied(text: string): string {
  return `${text
    .replaceAll(/[ \t]+$/gm, "")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim()}\n`;
}
