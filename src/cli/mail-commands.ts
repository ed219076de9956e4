import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { type Config, loadConfig } from "../config/config.ts";
import { StartupError } from "../core/startup-error.ts";
import { previewedOrder } from "../domains/returns/previewed-order.ts";
import { filledUrl } from "../mails/filled-url.ts";
import type { MailData } from "../mails/mail-data.ts";
import { findMailedShop } from "../mails/mails.ts";
import { type PreviewSource, Previews } from "../mails/preview/previews.ts";
import { servePreviews } from "../mails/preview/serve-previews.ts";
import { sampleShop } from "../mails/sample-mails.ts";
import { withExamples, withoutWord } from "./help-text.ts";
import { sendTestMail } from "./send-test-mail.ts";
import { withDatabase } from "./with-database.ts";

type Source = Omit<PreviewSource, "picturesAt">;

interface PreviewOptions {
  readonly order?: string;
  readonly port: number;
  readonly write?: string;
}

/** Adds `nettle mails` to the program. */
export function addMailCommands(program: Command): void {
  const mails = program
    .command("mails")
    .description("look at the mails in a browser, or send one for a test")
    .option("--order <id>", "write them with an order of the database, by its id or its number")
    .addOption(
      new Option("--port <number>", "serve the page at this port").default(9700).argParser(toPort),
    )
    .option("--write <directory>", "write all mails to files instead");
  withoutWord(mails, previewMails);
  withExamples(
    mails,
    [
      ["mails", "serves a page with all mails in all languages"],
      ["mails --order 1042", "with order 1042"],
      ["mails --write ./previews", "writes order.placed.en.html, .txt and .subject.txt, and so on"],
      ["mails list", "the names and the languages of the mails"],
      ["mails send-test ada@example.com --mail gift_card.created --language de"],
    ],
    "MAIL_TEMPLATES=./mails shows templates of your own; reload the page to see changes.\n" +
      "docs/mails.md describes the templates.",
  );
  const sending = mails
    .command("send-test <address>")
    .description("send one mail with sample data, by the mail server of the settings")
    .option("--mail <name>", "the name of the mail", "order.placed")
    .option("--language <tag>", "its language; without it MAIL_LANGUAGE")
    .action(sendTestMail);
  withExamples(sending, [
    ["mails send-test ada@example.com"],
    ["mails send-test ada@example.com --mail gift_card.created --language de"],
  ]);
  const listing = mails
    .command("list")
    .description("list the mails and the languages that they are written in")
    .option("--json", "print JSON")
    .action(listMails);
  withExamples(listing, [["mails list"], ["mails list --json"]]);
}

/** The same mail has a preview for each language and each sample. */
async function listMails({ json }: { json?: true }): Promise<void> {
  const source = sourceOf(loadConfig("database"), sampleShop.name, {});
  const previews = await Previews.open({ ...source, picturesAt: source.shop.url });
  const languages = new Map<string, Set<string>>();
  for (const { name, language } of previews.list())
    languages.set(name, (languages.get(name) ?? new Set()).add(language));
  const mails = [...languages].map(([name, ofMail]) => ({ name, languages: [...ofMail] }));
  if (json) return console.log(JSON.stringify(mails, null, 2));
  for (const mail of mails) console.log(`${mail.name}  ${mail.languages.join(", ")}`);
}

function toPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new StartupError(`--port must be a number from 0 to 65535, not ${text}.`);
  return port;
}

async function previewMails({ order, port, write }: PreviewOptions): Promise<void> {
  const source = await readSource(order);
  if (write !== undefined) return writePreviews(source, write);
  const address = await servePreviews(source, port).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
    throw new StartupError(`Port ${port} is in use already: name another by --port.`);
  });
  console.log(`The mails are at ${address}\nNothing is sent. Stop with Ctrl+C.`);
}

async function readSource(order: string | undefined): Promise<Source> {
  if (order === undefined) return sourceOf(loadConfig("database"), sampleShop.name, {});
  let source: Source | undefined;
  await withDatabase(async (knex, config) => {
    const data = await previewedOrder(knex, order);
    if (!data) throw new StartupError(`There is no order ${order}.`);
    const { name } = await findMailedShop(knex, "");
    source = sourceOf(config, name, data);
  });
  return source!;
}

function sourceOf({ mail }: Config, name: string, data: Partial<MailData>): Source {
  const values = { token: "the-token", email: "mara@example.com" };
  return {
    templates: mail.templates,
    language: mail.language,
    shop: { name, url: mail.storefrontUrl },
    data: {
      "customer.password_reset": {
        first_name: "Mara",
        last_name: "Lindqvist",
        link: filledUrl(mail.passwordResetUrl, values),
      },
      "order-update-token.created": { link: filledUrl(mail.orderClaimUrl, values) },
      ...data,
    },
  };
}

async function writePreviews(source: Source, directory: string): Promise<void> {
  const previews = await Previews.open({ ...source, picturesAt: source.shop.url });
  await mkdir(directory, { recursive: true });
  const all = previews.list();
  for (const preview of all) {
    const { name, language, sample } = preview;
    const { subject, text, html } = write(previews, preview);
    const file = join(directory, `${name}.${language}${sample === 0 ? "" : `.${sample + 1}`}`);
    await writeFile(`${file}.html`, html);
    await writeFile(`${file}.txt`, text);
    await writeFile(`${file}.subject.txt`, `${subject}\n`);
  }
  console.log(`${all.length} mails are in ${directory}`);
}

/** @throws StartupError if the template is wrong */
function write(previews: Previews, preview: Parameters<Previews["write"]>[0]) {
  try {
    return previews.write(preview);
  } catch (error) {
    throw new StartupError(
      `The template of ${preview.name} is wrong in ${preview.language}: ` +
        (error as Error).message,
    );
  }
}
