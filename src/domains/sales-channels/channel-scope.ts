import type { Knex } from "knex";
import { MultipleErrors } from "../../core/errors.ts";
import { query, sql } from "../../database/sql.ts";

/** Which sales channels a request may see. */
export interface ChannelScope {
  /**
   * The channels of the publishable key that was sent; undefined when there is none that narrows
   * anything.
   */
  readonly ofKey: readonly string[] | undefined;
  /** The channels shown when the request names none; undefined shows every channel. */
  readonly preset: readonly string[] | undefined;
}

/**
 * The channels that a publishable key (or its absence) opens. No key, and a revoked one, stand for
 * the shop's default channel; an unknown key and one without channels narrow nothing, as in Medusa.
 */
export async function findChannelScope(
  connection: Knex,
  publishableKey: string | undefined,
): Promise<ChannelScope> {
  const [row] = await query<{
    default_channel: string | null;
    revoked: boolean | null;
    channels: string[];
  }>(
    connection,
    sql`select
      (select c.id from store s join sales_channel c on c.id = s.default_sales_channel_id where c.deleted_at is null limit 1) as default_channel,
      (select k.revoked_at is not null from publishable_api_key k where k.id = ${publishableKey ?? ""}) as revoked,
      array(select k.sales_channel_id from publishable_api_key_sales_channel k where k.publishable_key_id = ${publishableKey ?? ""}) as channels`,
  );
  if (!publishableKey || row?.revoked)
    return { ofKey: undefined, preset: row?.default_channel ? [row.default_channel] : undefined };
  const channels = row && row.channels.length > 0 ? row.channels : undefined;
  return { ofKey: channels, preset: channels };
}

const REFUSED =
  "Provided request body contains errors. Please check the data and retry the request";

/**
 * Refuses channels that a request names outside those of its key, together with other faults found.
 * @throws SeveralFaults in Medusa's words.
 */
export function mustBeOfKey(
  scope: ChannelScope,
  named: readonly string[] | undefined,
  others: readonly string[] = [],
): void {
  const { ofKey } = scope;
  const foreign =
    ofKey && named && named.length > 0 && !named.every((channel) => ofKey.includes(channel));
  const errors = foreign
    ? [
        `Provided sales channel id param: ${named.join(",")} is not associated with the Publishable API Key passed in the header of the request.`,
        ...others,
      ]
    : others;
  if (errors.length > 0) throw new MultipleErrors(errors, REFUSED);
}
