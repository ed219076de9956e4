import type { Knex } from "knex";
import type { Config } from "../../config/config.ts";
import type { Handlers } from "../../events/subscriptions.ts";
import { filledUrl } from "../../mails/filled-url.ts";
import { findLanguagesOfCustomer, findLanguagesOfOrder } from "../../mails/find-languages.ts";
import type { Mails } from "../../mails/mails.ts";

type Links = Pick<Config["mail"], "passwordResetUrl" | "orderClaimUrl">;

/** Returns what sends an account's e-mails: a password reset, an order claim. */
export function accountMails(mails: Mails, database: Knex, links: Links): Handlers {
  return {
    "customer.password_reset": async ({ id, name, data }) => {
      const { email, first_name, last_name, token } = data;
      const link = filledUrl(links.passwordResetUrl, { token, email });
      const languages = await findLanguagesOfCustomer(database, data.id);
      await mails.send(
        { id, name },
        { to: email, data: { first_name, last_name, link }, languages },
      );
    },
    "order-update-token.created": async ({ id, name, data }) => {
      const { old_email: email, orders, token } = data;
      const link = filledUrl(links.orderClaimUrl, { token, email });
      const languages = await findLanguagesOfOrder(database, orders[0] ?? "");
      await mails.send({ id, name }, { to: email, data: { link }, languages });
    },
  };
}
