import type { Knex } from "knex";
import {
  aDiscount,
  aGiftCard,
  anOrderEdit,
  aProduct,
  aRegion,
  aShippedOrder,
} from "../../test/support/builders.ts";

/** A variant, and its stock before the run. */
export interface StockedVariant {
  readonly id: string;
  readonly stock: number;
}

interface FixtureOptions {
  /** How many carts there will be. */
  readonly size: number;
  /** The payment providers of the regions. */
  readonly providers: readonly string[];
}

export type Fixture = Awaited<ReturnType<typeof insertFixture>>;

/**
 * Inserts variants of all kinds, discounts and gift cards that run out, orders to swap and order
 * edits.
 */
export async function insertFixture(
  knex: Knex,
  { size, providers: payment_providers }: FixtureOptions,
) {
  const region = await aRegion(knex, { countries: ["de"], payment_providers });
  const otherRegion = await aRegion(knex, {
    tax_rate: 7,
    automatic_taxes: false,
    payment_providers,
  });
  const stockedVariants: StockedVariant[] = [];
  const addVariant = async (stock: number, amount: number, attributes = {}) => {
    const { variants } = await aProduct(knex, {
      variants: [{ inventory_quantity: stock, prices: [{ amount }], ...attributes }],
    });
    stockedVariants.push({ id: variants[0]!.id, stock });
  };
  for (const amount of [999, 1250, 333]) await addVariant(Math.ceil(size / 5), amount);
  await addVariant(size * 20, 1999);
  await addVariant(size * 20, 777);
  await addVariant(3, 500, { allow_backorder: true });
  await addVariant(5, 640, { manage_inventory: false });
  await addVariant(size * 20, 0);
  const limit = Math.ceil(size / 12);
  const discount = { code: "FEW", usage_limit: limit, regions: [region.id, otherRegion.id] };
  await aDiscount(knex, discount);
  const giftCardCodes: string[] = [];
  for (const [code, region_id] of [
    ["CARDONE", region.id],
    ["CARDTWO", region.id],
    ["CARDFAR", otherRegion.id],
  ] as const) {
    await aGiftCard(knex, { code, region_id, value: 20_000 });
    giftCardCodes.push(code);
  }
  const shippedOrders: { id: string; line: string }[] = [];
  const edits: { id: string; collectionId: string }[] = [];
  for (let number = 0; number < Math.ceil(size / 12); number++) {
    const { id, lines } = await aShippedOrder(knex, { region_id: region.id });
    shippedOrders.push({ id, line: lines[0]! });
    edits.push(await anOrderEdit(knex, { due: 1190, order: { region_id: region.id } }));
  }
  return {
    providers: payment_providers,
    regionId: region.id,
    otherRegionId: otherRegion.id,
    stockedVariants,
    freeVariant: stockedVariants.at(-1)!,
    giftCardCodes,
    shippedOrders,
    edits,
  };
}
