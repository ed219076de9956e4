import type { Mail } from "./mailer.ts";

/** A mail of a few lines, and perhaps a link. */
interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly lines: readonly string[];
  readonly link?: { readonly words: string; readonly url: string };
}

/** The letter as text and as HTML; whatever a customer wrote stays text. */
export function composeMail({ to, subject, lines, link }: Letter): Mail {
  const paragraphs = lines.map((line) => `<p>${escaped(line)}</p>`);
  const anchor = link ? [`<p><a href="${escaped(link.url)}">${escaped(link.words)}</a></p>`] : [];
  const text = [...lines, ...(link ? [`${link.words}: ${link.url}`] : [])];
  return {
    to,
    subject,
    text: `${text.join("\n\n")}\n`,
    html: `<!doctype html>\n<html><body style="font-family: sans-serif">\n${[...paragraphs, ...anchor].join("\n")}\n</body></html>\n`,
  };
}

/** An address with `{token}`, `{email}` and the like filled in, each safe for an address. */
export function filled(url: string, values: Readonly<Record<string, string>>): string {
  return url.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? encodeURIComponent(values[name]!) : whole,
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}
