import type { Knex } from "knex";
import { readConfig } from "../../src/config/config.ts";
import type { Mails } from "../../src/mails/mails.ts";
import { openMails } from "../../src/mails/open-mails.ts";
import { smtpMailer } from "../../src/providers/notification/smtp-mailer.ts";
import type { MailServer } from "./mail-server.ts";

/** Opens the mails of a shop, sent through a mail server, with these settings. */
export async function mailsThrough(
  server: MailServer,
  knex: Knex,
  settings: Readonly<Record<string, string>> = {},
): Promise<{ mails: Mails; close(): void }> {
  const mailer = await smtpMailer(server.url, "Shop <shop@example.com>", "required");
  const config = readConfig({ STOREFRONT_URL: "https://shop.example/", ...settings });
  const mails = await openMails(config, knex, mailer);
  return { mails: mails!, close: () => mailer.close() };
}
