import type { Knex } from "knex";
import { query, sql } from "../database/sql.ts";
import type { DeliveredEvent } from "../events/subscribers.ts";
import type { Mailer } from "../providers/notification/mailer.ts";
import type { MailData, MailName } from "./mail-data.ts";
import type { MailedShop, MailTemplates } from "./mail-templates.ts";

/** What the shop's mails are made of, and where they go. */
interface MailsDeps {
  readonly knex: Knex;
  readonly templates: MailTemplates;
  readonly mailer: Mailer;
  /** The storefront's address. */
  readonly shopUrl: string;
}

/** A mail that an event calls for. */
interface Letter<Name extends MailName> {
  readonly to: string;
  readonly data: MailData[Name];
  readonly languages: readonly unknown[];
}

/** Writes the shop's mails by their templates, and hands them to the mail server. */
export class Mails {
  constructor(private readonly deps: MailsDeps) {}

  /**
   * Sends the mail of an event. Its Message-ID is the event's, so that mail servers recognise one
   * that is sent a second time, after a process died between sending and recording that.
   * @throws Error if the mail server does not accept it; it may be sent again
   */
  async send<Name extends MailName>(
    event: Pick<DeliveredEvent, "id"> & { readonly name: Name },
    { to, data, languages }: Letter<Name>,
  ): Promise<void> {
    const { knex, templates, mailer, shopUrl } = this.deps;
    const shop = await findMailedShop(knex, shopUrl);
    const { language, ...mail } = templates.render(event.name, { data, shop, languages });
    await mailer.send({ id: event.id, to, language, ...mail });
  }
}

/** Returns what mails say about the shop. */
export async function findMailedShop(knex: Knex, url: string): Promise<MailedShop> {
  const [store] = await query<{ name: string | null }>(
    knex,
    sql`select name from store order by created_at limit 1`,
  );
  return { name: store?.name ?? "", url };
}
