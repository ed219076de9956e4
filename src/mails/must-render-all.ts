import { StartupError } from "../core/startup-error.ts";
import { mailNames } from "./mail-data.ts";
import type { MailTemplates } from "./mail-templates.ts";
import { sampleMails, sampleShop } from "./sample-mails.ts";

/**
 * Writes every mail in every language with sample data.
 * @throws StartupError if a template is wrong: the message names the mail, the file and the line
 */
export function mustRenderAll(templates: MailTemplates): void {
  for (const name of mailNames)
    for (const language of templates.languagesOf(name))
      for (const data of sampleMails[name]) {
        const source = { data, shop: sampleShop, languages: [language], isStrict: true };
        try {
          templates.render(name, source);
        } catch (error) {
          if (error instanceof StartupError) throw error;
          throw new StartupError(
            `The template of ${name} is wrong in ${language}: ${(error as Error).message}`,
          );
        }
      }
}
