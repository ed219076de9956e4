import type { Knex } from "knex";
import type { Config } from "./config/config.ts";
import { releasedPaymentMails } from "./domains/checkout/released-payment-mails.ts";
import { accountMails } from "./domains/customers/account-mails.ts";
import { giftCardMails } from "./domains/gift-cards/gift-card-mails.ts";
import { orderMails } from "./domains/orders/order-mails.ts";
import { returnMails } from "./domains/returns/return-mails.ts";
import { type Subscriber, subscriber } from "./events/subscriptions.ts";
import type { Mails } from "./mails/mails.ts";
import { onlyWanted, wantedMails } from "./mails/wanted-mails.ts";

/**
 * Returns what sends the mails that the shop wants.
 * @throws StartupError if MAILS names what is no mail
 */
export function mailSubscriber(config: Config, knex: Knex, mails: Mails): Subscriber {
  const handlers = {
    ...accountMails(mails, knex, config.mail),
    ...giftCardMails(mails, knex, config.giftCards.maxRecipients),
    ...orderMails(mails, knex),
    ...releasedPaymentMails(mails, knex),
    ...returnMails(mails, knex),
  };
  return subscriber("mails", onlyWanted(handlers, wantedMails(config)));
}
