import type { Knex } from "knex";
import { newId } from "../../database/new-id.ts";
import { query, sql } from "../../database/sql.ts";
import { type Kind, nameInRegion, type Refusal, referenceTo } from "../kind.ts";
import type { Names } from "../names.ts";
import type { Entry } from "../shop-file-schema.ts";
import { saveRow } from "../write-tables.ts";

const defaults = { provider: "manual", is_return: false, admin_only: false, includes_tax: false };

/** What Medusa's own provider is asked for by every option of its admin. */
const MANUAL_DATA = { id: "manual-fulfillment" };

const requirementTypes = ["min_subtotal", "max_subtotal"] as const;

/** The shipping options, by region and name. */
export const shippingOptions: Kind<"shipping_options", typeof defaults> = {
  section: "shipping_options",
  noun: "shipping option",
  identity: ["name", "region"],
  defaults,
  keyOf: nameInRegion,
  labelOf: ({ name, region }) => `"${name}" in "${region}"`,
  read: (trx) =>
    query(
      trx,
      sql`select o.id, jsonb_strip_nulls(jsonb_build_object('name', o.name, 'region', r.name,
          'price', case o.price_type when 'calculated' then to_jsonb('calculated'::text)
            else to_jsonb(o.amount) end,
          'profile', p.name, 'provider', o.provider_id,
          'min_subtotal', (select max(amount) from shipping_option_requirement
            where shipping_option_id = o.id and type = 'min_subtotal' and deleted_at is null),
          'max_subtotal', (select min(amount) from shipping_option_requirement
            where shipping_option_id = o.id and type = 'max_subtotal' and deleted_at is null),
          'is_return', o.is_return, 'admin_only', o.admin_only,
          'includes_tax', o.includes_tax)) || case when o.provider_id = 'manual'
            and o.data = ${JSON.stringify(MANUAL_DATA)}::jsonb then '{}'::jsonb
            else jsonb_build_object('data', o.data) end as entry
        from shipping_option o
        join region r on r.id = o.region_id and r.deleted_at is null
        join shipping_profile p on p.id = o.profile_id
        where o.deleted_at is null order by o.created_at, o.id`,
    ),
  references: ({ region, profile }) => [
    ...referenceTo("region", region, "region"),
    ...referenceTo("shipping profile", profile, "profile"),
  ],
  refusals: (entry, before, { regions }) => {
    const providers = regions.get(entry.region)?.fulfillment_providers ?? [];
    const provider = entry.provider ?? before?.provider ?? defaults.provider;
    return [
      ...refusalIf(!providers.includes(provider), "provider", notInRegion(provider, entry.region)),
      ...refusalIf(
        (entry.min_subtotal ?? 0) > (entry.max_subtotal ?? Number.POSITIVE_INFINITY),
        "max_subtotal",
        "max_subtotal is less than min_subtotal",
      ),
    ];
  },
  write: async (trx, { id, entry, before }, names) => {
    const columns = await columnsOf(trx, entry, names);
    const saved = await saveRow(trx, "shipping_option", { prefix: "so", id }, columns);
    for (const type of requirementTypes)
      if ((before?.[type] ?? null) !== (entry[type] ?? null))
        await writeRequirement(trx, saved, type, entry[type]);
    return saved;
  },
};

async function columnsOf(
  trx: Knex,
  entry: Entry<"shipping_options"> & typeof defaults,
  names: Names,
): Promise<Record<string, unknown>> {
  const { name, region, profile, price, provider, is_return, admin_only, includes_tax } = entry;
  const isCalculated = price === "calculated";
  return {
    ...{ name, is_return, admin_only, includes_tax },
    region_id: names.id("region", region),
    profile_id: profile
      ? names.id("shipping profile", profile)
      : (await trx("shipping_profile").where({ type: "default", deleted_at: null }).first("id")).id,
    provider_id: provider,
    price_type: isCalculated ? "calculated" : "flat_rate",
    amount: isCalculated ? null : price,
    data: JSON.stringify(entry.data ?? (provider === "manual" ? MANUAL_DATA : {})),
  };
}

/** A requirement that is gone or replaced stays as a deleted row, as Medusa leaves it. */
async function writeRequirement(
  trx: Knex,
  shipping_option_id: string,
  type: string,
  amount: number | null | undefined,
): Promise<void> {
  const table = "shipping_option_requirement";
  await trx(table)
    .where({ shipping_option_id, type, deleted_at: null })
    .update({ deleted_at: trx.fn.now() });
  if (amount === null || amount === undefined) return;
  await trx(table).insert({ id: newId("sor"), shipping_option_id, type, amount });
}

function refusalIf(isRefused: boolean, key: string, message: string): Refusal[] {
  return isRefused ? [{ path: [key], message }] : [];
}

function notInRegion(provider: string, region: string): string {
  return `the region "${region}" has no fulfillment provider "${provider}"`;
}
