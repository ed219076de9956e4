import type { Mail } from "./mailer.ts";

/** The content of an e-mail: a few paragraphs and, optionally, a link. */
interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly lines: readonly string[];
  readonly link?: { readonly text: string; readonly url: string };
}

/** Returns an e-mail in text and HTML form. Text that a customer wrote is escaped. */
export function composeMail({ to, subject, lines, link }: Letter): Mail {
  const paragraphs = lines.map((line) => `<p>${escaped(line)}</p>`);
  const anchor = link ? [`<p><a href="${escaped(link.url)}">${escaped(link.text)}</a></p>`] : [];
  const text = [...lines, ...(link ? [`${link.text}: ${link.url}`] : [])];
  const body = [...paragraphs, ...anchor].join("\n");
  return {
    to,
    subject,
    text: `${text.join("\n\n")}\n`,
    html:
      `<!doctype html>\n<html><body style="font-family: sans-serif">\n` +
      `${body}\n</body></html>\n`,
  };
}

/**
 * Returns a URL with its placeholders (`{token}`, `{email}` …) replaced by URL-encoded values.
 * Unknown placeholders stay.
 */
export function filled(url: string, values: Readonly<Record<string, string>>): string {
  return url.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) =>
    name in values ? encodeURIComponent(values[name]!) : placeholder,
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
