import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { mailNames } from "./mail-data.ts";
import { MailTemplates } from "./mail-templates.ts";
import { mustRenderAll } from "./must-render-all.ts";
import { sampleMails, sampleShop } from "./sample-mails.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Opens templates with these files in the shop's folder. */
async function withFiles(files: Record<string, string>, language = "en"): Promise<MailTemplates> {
  const folder = mkdtempSync(join(tmpdir(), "nettle-mails-"));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return MailTemplates.open(folder, language);
}

const [placed] = sampleMails["order.placed"];
const confirmation = (templates: MailTemplates, language?: string) =>
  templates.render("order.placed", { data: placed, shop: sampleShop, languages: [language] });

const opened = (files: Record<string, string>) => async () => mustRenderAll(await withFiles(files));

describe("a wrong template is refused in words", () => {
  it.each<[string, Record<string, string>, RegExp]>([
    [
      "a tag that does not end",
      { "order.placed/mail.html": "<p>\n{% if order %}\n" },
      /order\.placed is wrong in de: tag .*if order.* not closed, file:.*order\.placed.mail\.html, line:2/,
    ],
    [
      "a variable that there is not",
      { "order.placed/mail.txt": "\n\n{{ order.number }}" },
      /undefined variable: order\.number, file:.*order\.placed.mail\.txt, line:3/,
    ],
    [
      "a variable that there is not, in a sentence",
      { "gift_card.created/en.json": '{ "subject": "{{ code }}" }' },
      /gift_card\.created is wrong in en: The word "subject": undefined variable: code/,
    ],
    [
      "a filter that there is not",
      { "parts/summary.html": "{{ order.total | euros }}" },
      /undefined filter: euros, file:.*summary\.html, line:1/,
    ],
    [
      "a sentence that is no template",
      { "order.placed/de.json": '{ "subject": "{{ order.id" }' },
      /order\.placed.de\.json, "subject": .*not closed/,
    ],
    ["no JSON", { "order.placed/de.json": '{ "subject": }' }, /de\.json is no JSON/],
    ["no object", { "order.placed/de.json": "[]" }, /de\.json must be an object/],
    ["no text", { "parts/en.json": '{ "total": 1 }' }, /en\.json: "total" must be a text/],
    ["no language", { "order.placed/german.txt.json": "{}" }, /must be named after a language/],
    ["no mail", { "order.place/en.json": "{}" }, /the folder order\.place, but there is no such/],
  ])("%s", async (_, files, message) => {
    await expect(opened(files)()).rejects.toThrow(message);
  });

  it("no folder", async () => {
    await expect(MailTemplates.open("/nowhere", "en")).rejects.toThrow(
      "MAIL_TEMPLATES names /nowhere, which is no folder.",
    );
  });
});

it("a folder of the shop's own cannot read files outside of it", async () => {
  await expect(
    opened({ "order.placed/mail.html": '{% render "../../../../etc/passwd" %}' })(),
  ).rejects.toThrow(/etc.passwd/);
});

describe("the language", () => {
  it.each([
    ["de-AT", "de", "Ihre Bestellung 1042"],
    ["fr", "en", "Your order 1042"],
    [undefined, "en", "Your order 1042"],
    ["../de", "en", "Your order 1042"],
  ])("of a buyer with %s is %s", async (wanted, language, subject) => {
    const templates = await MailTemplates.open(undefined, "en");
    expect(confirmation(templates, wanted)).toMatchObject({ language, subject });
  });

  it("is the shop's own where there are no templates in the buyer's", async () => {
    const templates = await MailTemplates.open(undefined, "de");
    expect(confirmation(templates, "fr").subject).toBe("Ihre Bestellung 1042");
  });

  it("may be one that the shop adds; what it lacks is in English", async () => {
    const templates = await withFiles({
      "order.placed/fr.json": '{ "subject": "Votre commande {{ order.display_id }}" }',
      "parts/fr.json": '{ "total": "Total à payer" }',
    });
    mustRenderAll(templates);
    const mail = confirmation(templates, "fr-CH");
    expect(mail.subject).toBe("Votre commande 1042");
    expect(mail.text).toMatch(/Total à payer: 164,70.€/);
    expect(mail.text).toContain("Thank you for your order");
    expect(mail.html).toContain('<html lang="fr" dir="ltr">');
  });

  it("may be written from right to left", async () => {
    const templates = await withFiles({ "order.placed/he.json": '{ "subject": "הזמנה" }' });
    expect(confirmation(templates, "he").html).toContain('<html lang="he" dir="rtl">');
  });
});

it("a file of the shop's own stands for the built-in one, and the others stay", async () => {
  const templates = await withFiles({
    "order.placed/en.json": '{ "heading": "Good choice" }',
    "parts/paragraph.html": "<p class='ours'>{{ text }}</p>",
  });
  mustRenderAll(templates);
  const mail = confirmation(templates);
  expect(mail.subject).toBe("Your order 1042");
  expect(mail.text).toContain("Good choice");
  expect(mail.html).toContain("<p class='ours'>We have received your order 1042");
});

describe("what people wrote", () => {
  const hostile = `<script>alert("x")</script> {{ order.id }} {% if`;
  const title = `${hostile}\r\n\r\nBcc: x@example.com`;
  const line = { title, description: hostile, thumbnail: null, quantity: 1, amount: 100 };
  const data = { order: { ...placed.order, items: [line], discounts: [`${hostile}\n`] } };

  it("is escaped in HTML, is no template, and is one line", async () => {
    const templates = await withFiles({
      "order.placed/en.json": '{ "subject": "{{ order.items[0].title }}" }',
    });
    const mail = templates.render("order.placed", { data, shop: sampleShop, languages: ["en"] });
    expect(mail.html).not.toContain("<script");
    expect(mail.html).toContain("&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; {{ order.id }}");
    expect(mail.text).toContain(`1 × ${hostile} Bcc: x@example.com`);
    expect(mail.subject).toBe(`${hostile} Bcc: x@example.com`);
  });

  it("does not make a subject endless", async () => {
    const endless = { ...line, title: "🦊".repeat(5000) };
    const templates = await withFiles({
      "order.placed/en.json": '{ "subject": "{{ order.items[0].title }}" }',
    });
    const { subject } = templates.render("order.placed", {
      data: { order: { ...placed.order, items: [endless] } },
      shop: sampleShop,
      languages: [],
    });
    expect(subject).toBe("🦊".repeat(200));
  });
});

describe("the built-in HTML", () => {
  it.each(mailNames)("of %s loads nothing but thumbnails, and says its language", async (name) => {
    const templates = await MailTemplates.open(undefined, "en");
    for (const language of ["en", "de"])
      for (const data of sampleMails[name]) {
        const source = { data, shop: sampleShop, languages: [language], isStrict: true };
        const { html, text, subject } = templates.render(name, source);
        expect(html).toContain(`<html lang="${language}"`);
        expect(html).toContain('<meta name="color-scheme" content="light dark">');
        expect(html).not.toMatch(/<link|<script|@import|url\(/);
        for (const [, address] of html.matchAll(/<img src="([^"]*)"/g))
          expect(address).toMatch(/^https:\/\//);
        expect(html.match(/<img /g)?.length ?? 0).toBe(html.match(/<img [^>]*alt="/g)?.length ?? 0);
        for (const written of [html, text, subject])
          expect(written).not.toMatch(/\{\{|\{%|undefined|\[object|NaN/);
      }
  });

  it("has the same words in each language", async () => {
    const templates = await MailTemplates.open(undefined, "en");
    for (const name of mailNames) {
      expect(templates.languagesOf(name)).toEqual(["de", "en"]);
      const [data] = sampleMails[name];
      const [german, english] = ["de", "en"].map((language) =>
        templates.render(name, { data, shop: sampleShop, languages: [language] }),
      );
      expect(german!.text.split("\n").length).toBe(english!.text.split("\n").length);
    }
  });
});
