import type { Log } from "../../runtime/log.ts";
import type { Mailer } from "./mailer.ts";

/**
 * Shows mails in the log instead of sending them: for the demo shop, whose customers are nobody's.
 */
export function logMailer(log: Log): Mailer {
  return {
    send: async ({ to, subject, text }) => log.info(`Mail to ${to}: ${subject}\n${text}`),
  };
}
