import type { Config } from "../../config/config.ts";
import type { Subscribers } from "../../events/relay.ts";
import { composeMail, filled } from "../../providers/notification/compose-mail.ts";
import type { Mail, Mailer } from "../../providers/notification/mailer.ts";

type Links = Pick<Config["mail"], "passwordResetUrl" | "orderClaimUrl">;
type EventData = Readonly<Record<string, unknown>>;

/** Returns the subscribers that send an account's e-mails: a password reset, an order claim. */
export function accountMails(mailer: Mailer, links: Links): Subscribers {
  return {
    "customer.password_reset": [
      ({ data }) => mailer.send(passwordResetMail(data, links.passwordResetUrl)),
    ],
    "order-update-token.created": [
      ({ data }) => mailer.send(orderClaimMail(data, links.orderClaimUrl)),
    ],
  };
}

/** Returns the e-mail with the link to set a new password. */
export function passwordResetMail({ email, first_name, token }: EventData, url: string): Mail {
  return composeMail({
    to: String(email),
    subject: "Set a new password",
    lines: [
      first_name ? `Hello ${first_name},` : "Hello,",
      "a new password was requested for your account. The link expires after 15 minutes.",
      "If you did not request it, ignore this e-mail: your password stays as it is.",
    ],
    link: {
      text: "Set a new password",
      url: filled(url, { token: String(token), email: String(email) }),
    },
  });
}

/** Returns the e-mail that asks for consent to assign orders to an account. */
export function orderClaimMail({ old_email, token }: EventData, url: string): Mail {
  return composeMail({
    to: String(old_email),
    subject: "Add your orders to an account",
    lines: [
      "Hello,",
      "an account asks to take over orders that were placed with this e-mail address. " +
        "The link expires after 15 minutes.",
      "If you did not request it, ignore this e-mail: your orders stay as they are.",
    ],
    link: {
      text: "Add the orders to the account",
      url: filled(url, { token: String(token), email: String(old_email) }),
    },
  });
}
