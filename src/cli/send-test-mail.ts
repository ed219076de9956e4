import { loadConfig } from "../config/config.ts";
import { isEmail } from "../core/email.ts";
import { StartupError } from "../core/startup-error.ts";
import { isMailName, mailNames } from "../mails/mail-data.ts";
import { MailTemplates } from "../mails/mail-templates.ts";
import { sampleMails, sampleShop } from "../mails/sample-mails.ts";
import { smtpMailer } from "../providers/notification/smtp-mailer.ts";

/**
 * Sends one mail with sample data to an address.
 * @throws StartupError if it cannot be sent
 */
export async function sendTestMail(
  to: string,
  { mail: name, language }: { readonly mail: string; readonly language?: string },
): Promise<void> {
  const { mail } = loadConfig("database");
  if (!isEmail(to)) throw new StartupError(`${to} is no e-mail address.`);
  if (!isMailName(name))
    throw new StartupError(`There is no mail "${name}". The mails are ${mailNames.join(", ")}.`);
  if (!mail.smtpUrl) throw new StartupError("SMTP_URL is not set: there is no mail server.");
  const templates = await MailTemplates.open(mail.templates, mail.language);
  const [data] = sampleMails[name];
  const shop = { ...sampleShop, url: mail.storefrontUrl };
  const mailer = await smtpMailer(mail.smtpUrl, mail.from, mail.tls);
  try {
    const rendered = templates.render(name, { data, shop, languages: [language], isStrict: true });
    await mailer.send({ to, ...rendered });
    console.log(`${name} in ${rendered.language} was sent to ${to}`);
  } catch (error) {
    throw new StartupError(`${name} was not sent to ${to}: ${(error as Error).message}`);
  } finally {
    mailer.close();
  }
}
