import type { Knex } from "knex";
import { MultipleErrors } from "../../core/errors.ts";
import { query, sql } from "../../database/sql.ts";

/** The sales channels that a request may see. */
export interface ChannelScope {
  /** The channels of the publishable key; undefined if no key limits the request. */
  readonly ofKey: readonly string[] | undefined;
  /** The channels shown if the request names none; undefined shows every channel. */
  readonly preset: readonly string[] | undefined;
}

/**
 * Returns the channels that a publishable key, or its absence, allows. As in Medusa, no key or a
 * revoked key allows the shop's default channel; an unknown key, or one without channels, sets no
 * limit.
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
      (select c.id from store s join sales_channel c on c.id = s.default_sales_channel_id
        where c.deleted_at is null limit 1) as default_channel,
      (select k.revoked_at is not null from publishable_api_key k
        where k.id = ${publishableKey ?? ""}) as revoked,
      array(select k.sales_channel_id from publishable_api_key_sales_channel k
        where k.publishable_key_id = ${publishableKey ?? ""}) as channels`,
  );
  if (!publishableKey || row?.revoked)
    return { ofKey: undefined, preset: row?.default_channel ? [row.default_channel] : undefined };
  const channels = row && row.channels.length > 0 ? row.channels : undefined;
  return { ofKey: channels, preset: channels };
}

/** Whether a product can be shown at all, and the sales channels that it is in. */
export interface Visibility {
  readonly published: boolean;
  readonly channels: readonly string[];
}

/** Returns whether a publishable key limits the request to channels that a product is not in. */
export function isOutOfScope({ ofKey }: ChannelScope, { channels }: Visibility): boolean {
  return ofKey !== undefined && !channels.some((channel) => ofKey.includes(channel));
}

const INVALID_REQUEST =
  "Provided request body contains errors. Please check the data and retry the request";

/**
 * Requires that the channels which a request names belong to its publishable key, and that there
 * are no other errors (`otherErrors`).
 * @throws MultipleErrors in Medusa's words
 */
export function mustBeOfKey(
  scope: ChannelScope,
  named: readonly string[] | undefined,
  otherErrors: readonly string[] = [],
): void {
  const { ofKey } = scope;
  const foreign =
    ofKey && named && named.length > 0 && !named.every((channel) => ofKey.includes(channel));
  const errors = foreign
    ? [
        `Provided sales channel id param: ${named.join(",")} is not associated with ` +
          "the Publishable API Key passed in the header of the request.",
        ...otherErrors,
      ]
    : otherErrors;
  if (errors.length > 0) throw new MultipleErrors(errors, INVALID_REQUEST);
}
