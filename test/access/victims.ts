import type { Knex } from "knex";
import { newId } from "../../src/database/new-id.ts";
import {
  aCustomer,
  aCustomerGroup,
  aGuest,
  aLineItem,
  anAddress,
  anOrder,
  aPaymentSession,
  aPriceList,
} from "../support/builders.ts";

/** Stands in every text of the victims' rows. No answer to anyone else may contain it. */
export const MARK = "zzmarkedzz";
/** The amounts of prices that are not for everybody. */
export const HIDDEN_AMOUNTS = [7_310_017, 7_310_029, 7_310_037];

/**
 * What an attacker knows of a victim: one order and one cart by their ids, which are not marked.
 */
export interface Victim {
  readonly id: string;
  readonly email: string;
  readonly orderId: string;
  readonly cartId: string;
}

interface Shop {
  readonly regionId: string;
  readonly variantId: string;
}

/** Inserts two registered victims and a guest, and the prices of their group. */
export async function insertVictims(knex: Knex, shop: Shop): Promise<Victim[]> {
  const ids = [
    (await aCustomer(knex, { email: "ada@victims.example" })).id,
    (await aCustomer(knex, { email: "bea@victims.example" })).id,
    (await aGuest(knex, { email: "dane@victims.example" })).id,
  ];
  const group = await aCustomerGroup(knex, { customers: ids });
  await mark(knex, "customer_group", { id: group.id });
  await insertHiddenPrices(knex, shop, group.id);
  return Promise.all(ids.map((id) => insertRowsOf(knex, shop, id)));
}

async function insertHiddenPrices(knex: Knex, { variantId }: Shop, groupId: string): Promise<void> {
  const past = { starts_at: new Date("2020-01-01"), ends_at: new Date("2020-02-01") };
  const lists = [{ customer_groups: [groupId] }, { status: "draft" }, past];
  for (const [index, columns] of lists.entries()) {
    const prices = [{ variant_id: variantId, amount: HIDDEN_AMOUNTS[index] }];
    const list = await aPriceList(knex, { ...columns, prices });
    await mark(knex, "price_list", { id: list.id });
  }
}

/** A victim's rows: marked ones, and one order and one cart whose ids leak. */
async function insertRowsOf(
  knex: Knex,
  { regionId, variantId }: Shop,
  customer_id: string,
): Promise<Victim> {
  const { email } = await knex("customer").where({ id: customer_id }).first("email");
  const aCart = async (columns = {}) => {
    const id = newId("cart");
    await knex("cart").insert({ id, region_id: regionId, customer_id, email, ...columns });
    await aLineItem(knex, { cart_id: id, variant_id: variantId });
    return id;
  };
  const base = { customer_id, email, region_id: regionId, fulfillment_status: "shipped" };
  const known = await anOrder(knex, { ...base, lines: [{ variant_id: variantId, quantity: 3 }] });
  const knownCart = await aCart();
  const entry = await anAddress(knex, { customer_id });
  const hiddenCart = await aCart({ shipping_address_id: entry.id });
  const session = await aPaymentSession(knex, { cart_id: hiddenCart });
  const hidden = await anOrder(knex, { ...base, cart_id: hiddenCart });
  const address = await knex("order").where({ id: hidden.id }).first("shipping_address_id");
  await mark(knex, "customer", { id: customer_id }, ["email"]);
  await mark(knex, "address", { id: entry.id });
  await mark(knex, "address", { id: address.shipping_address_id });
  await mark(knex, "cart", { id: hiddenCart }, ["email"]);
  await mark(knex, "line_item", { cart_id: hiddenCart });
  await mark(knex, "line_item", { order_id: hidden.id });
  await mark(knex, "order", { id: hidden.id }, []);
  await mark(knex, "payment", { order_id: hidden.id });
  await mark(knex, "payment_session", { id: session.id });
  await knex("nettle_provider_customer").insert({
    customer_id,
    provider_id: "manual",
    data: { id: MARK },
  });
  return { id: customer_id, email, orderId: known.id, cartId: knownCart };
}

/** Writes the mark into every text and every JSON of rows, but for keys and the named columns. */
async function mark(
  knex: Knex,
  table: string,
  where: Record<string, unknown>,
  spared: readonly string[] = [],
): Promise<void> {
  const columns: { name: string; type: string }[] = await knex("information_schema.columns")
    .select({ name: "column_name", type: "data_type" })
    .where({ table_schema: "public", table_name: table })
    .whereIn("data_type", ["character varying", "text", "jsonb"]);
  const written = columns.filter(
    ({ name }) => !/(^|_)id$|_code$|^password_hash$/.test(name) && !spared.includes(name),
  );
  const values = written.map(({ name, type }) => [
    name,
    type === "jsonb" ? JSON.stringify({ note: MARK }) : knex.raw("? || id", [MARK]),
  ]);
  await knex(table).where(where).update(Object.fromEntries(values));
}
