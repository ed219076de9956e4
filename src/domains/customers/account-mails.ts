import type { Config } from "../../config/config.ts";
import type { Subscribers } from "../../events/relay.ts";
import { composeMail, filled } from "../../providers/notification/compose-mail.ts";
import type { Mail, Mailer } from "../../providers/notification/mailer.ts";

type Links = Pick<Config["mail"], "passwordResetUrl" | "orderClaimUrl">;
type EventData = Readonly<Record<string, unknown>>;

/** The mails that accounts are told of by: a forgotten password, a claim of orders. */
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

/** The mail with which a new password is set. */
export function passwordResetMail({ email, first_name, token }: EventData, url: string): Mail {
  return composeMail({
    to: String(email),
    subject: "Set a new password",
    lines: [
      first_name ? `Hello ${first_name},` : "Hello,",
      "somebody, hopefully you, asked for a new password for your account. The link is good for 15 minutes.",
      "If it was not you, do nothing: your password stays as it is.",
    ],
    link: {
      text: "Set a new password",
      url: filled(url, { token: String(token), email: String(email) }),
    },
  });
}

/** The mail that asks the e-mail of orders whether an account may have them. */
export function orderClaimMail({ old_email, token }: EventData, url: string): Mail {
  return composeMail({
    to: String(old_email),
    subject: "Add your orders to an account",
    lines: [
      "Hello,",
      "an account asks to take over orders that were placed with this e-mail address. The link is good for 15 minutes.",
      "If it was not you, do nothing: your orders stay as they are.",
    ],
    link: {
      text: "Add the orders to the account",
      url: filled(url, { token: String(token), email: String(old_email) }),
    },
  });
}
