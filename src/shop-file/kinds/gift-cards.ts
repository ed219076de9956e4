import { query, sql } from "../../database/sql.ts";
import { type Kind, referenceTo } from "../kind.ts";
import { saveRow } from "../write-tables.ts";
import { isoTimeOf } from "./iso-time-of.ts";

const defaults = { is_disabled: false };

/** The gift cards that the shop has issued itself, by code, and those of the file. */
export const giftCards: Kind<"gift_cards", typeof defaults> = {
  section: "gift_cards",
  noun: "gift card",
  identity: ["code"],
  defaults,
  keyOf: ({ code }) => code,
  labelOf: ({ code }) => code,
  read: (trx, keys) =>
    query(
      trx,
      sql`select g.id, json_strip_nulls(json_build_object('code', g.code, 'value', g.value,
          'region', r.name, 'ends_at', ${isoTimeOf("g.ends_at")},
          'is_disabled', g.is_disabled)) as entry
        from gift_card g join region r on r.id = g.region_id
        where g.deleted_at is null and (g.order_id is null or g.code = any(${keys ?? []}))
        order by g.created_at, g.id`,
    ),
  references: ({ region }) => referenceTo("region", region, "region"),
  refusals: ({ value }, before) =>
    before && before.value !== value
      ? [
          {
            path: ["value"],
            message: `it was issued with ${before.value}, and that stays: issue another card`,
          },
        ]
      : [],
  write: async (trx, { id, entry: { code, value, region, ends_at, is_disabled } }, names) => {
    const region_id = names.id("region", region);
    const columns = { region_id, ends_at: ends_at ?? null, is_disabled };
    if (id) return saveRow(trx, "gift_card", { prefix: "gift", id }, columns);
    const { tax_rate, gift_cards_taxable } = await trx("region")
      .where({ id: region_id })
      .first("tax_rate", "gift_cards_taxable");
    const issued = {
      ...{ code, value, balance: value },
      tax_rate: gift_cards_taxable ? tax_rate || null : null,
    };
    return saveRow(trx, "gift_card", { prefix: "gift", id }, { ...columns, ...issued });
  },
};
