import type { Knex } from "knex";
import type { Config } from "../config/config.ts";
import type { Mailer } from "../providers/notification/mailer.ts";
import { MailTemplates } from "./mail-templates.ts";
import { Mails } from "./mails.ts";
import { mustRenderAll } from "./must-render-all.ts";
import { wantedMails } from "./wanted-mails.ts";

/**
 * Opens the shop's mails, and tries each template. Undefined without a mailer: no mails are sent.
 * @throws StartupError if a template is wrong, or a setting names what does not exist
 */
export async function openMails(
  config: Pick<Config, "mail" | "events">,
  knex: Knex,
  mailer: Mailer | undefined,
): Promise<Mails | undefined> {
  const { templates: folder, language, storefrontUrl } = config.mail;
  wantedMails(config);
  if (!mailer && !folder) return;
  const templates = await MailTemplates.open(folder, language);
  mustRenderAll(templates);
  return mailer && new Mails({ knex, templates, mailer, shopUrl: storefrontUrl });
}
