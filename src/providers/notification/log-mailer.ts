import type { Log } from "../../runtime/log.ts";
import type { Mailer } from "./mailer.ts";

/**
 * Creates a mailer that writes e-mails to the log instead of sending them. For the demo shop, whose
 * customers are fictitious.
 */
export function logMailer(log: Log): Mailer {
  return {
    send: async ({ to, subject, text }) =>
      log.info({ event: "mail_logged" }, `Mail to ${to}: ${subject}\n${text}`),
  };
}
