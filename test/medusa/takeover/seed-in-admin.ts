import { clientAt } from "../../support/api-client.ts";
import { fillCart } from "../../support/builders.ts";
import { completeCart } from "../complete-cart.ts";
import {
  createDiscount,
  createGiftCard,
  createRegion,
  createShippingOption,
  createShopSetup,
  createVariant,
  unwrap,
} from "../create-in-admin.ts";
import type { MedusaPlace } from "./build-shop.ts";

const PRODUCTS = 4;

/**
 * Fills a shop as its people and its shoppers do: two regions, products with a collection, types
 * and tags, a price list for a group, a discount, a gift card, and orders in several states.
 */
export async function seedInAdmin({ url, admin }: MedusaPlace): Promise<void> {
  const setup = await createShopSetup(admin);
  const dollars = await createRegion(admin, { currency_code: "usd", tax_rate: 8 });
  await createShippingOption(admin, { region_id: dollars.id, amount: 700 });
  const collection = await unwrap(
    admin.post("/admin/collections", { title: "Fells" }),
    "collection",
  );
  const products: string[] = [];
  for (let number = 1; number <= PRODUCTS; number++) {
    const variant = await createVariant(admin, {
      ...(number % 2 ? { collection_id: collection.id } : {}),
      type: { value: "Boots" },
      tags: [{ value: "warm" }, { value: `tag-${number % 3}` }],
      description: `Made to last\nin ${number} winters`,
      status: number === PRODUCTS ? "draft" : "published",
    });
    products.push(variant.id);
  }
  const reason = { value: "too_small", label: "Too small" };
  await unwrap(admin.post("/admin/return-reasons", reason), "return_reason");
  await createPriceList(admin, products[0]!);
  const { code } = await createDiscount(admin, { regions: [setup.regionId] });
  const card = await createGiftCard(admin, { region_id: setup.regionId, value: 700 });
  const store = clientAt(url);
  for (const codes of [{}, { discounts: [code], giftCards: [card.code] }]) {
    const cart = await fillCart(store, setup, { quantity: 2, ...codes });
    const order = await completeCart(store, cart.id);
    await unwrap(admin.post(`/admin/orders/${order.id}/capture`, {}), "order");
  }
  await fillCart(store, setup, { email: "undecided@example.com" });
}

async function createPriceList(admin: MedusaPlace["admin"], variantId: string): Promise<void> {
  const group = await unwrap(
    admin.post("/admin/customer-groups", { name: "Club" }),
    "customer_group",
  );
  const list = {
    ...{ name: "Club prices", description: "Lower", type: "sale", status: "active" },
    customer_groups: [{ id: group.id }],
    prices: [{ variant_id: variantId, currency_code: "eur", amount: 800 }],
  };
  await unwrap(admin.post("/admin/price-lists", list), "price_list");
}
