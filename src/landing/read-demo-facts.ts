import type { Knex } from "knex";
import { demoGiftCard } from "../demo/demo-shop.ts";
import type { SeededDemo } from "../demo/seed-demo.ts";
import { formatAmount } from "../money/format-amount.ts";
import type { DemoFacts, ShownCode, ShownOrder, ShownProduct } from "./landing-facts.ts";
import {
  findCheckoutIds,
  findCodes,
  findGiftCard,
  findOrders,
  findShownProducts,
  findStock,
  type PricedProduct,
  type ReadCode,
  type ReadOrder,
} from "./landing-queries.ts";

/** Returns what the page says of the demo shop, as it is now. */
export async function readDemoFacts(knex: Knex, demo: SeededDemo): Promise<DemoFacts> {
  const [products, codes, giftCard, soldOut, onBackorder, orders, checkout] = await Promise.all([
    findShownProducts(knex),
    findCodes(knex),
    findGiftCard(knex, demoGiftCard.code),
    findStock(knex, false),
    findStock(knex, true),
    findOrders(knex, demo.customer.email),
    findCheckoutIds(knex),
  ]);
  return {
    shop: demo.shop,
    customer: demo.customer,
    products: products.map(shownProduct),
    codes: codes.map(shownCode),
    giftCard: giftCard && {
      code: demoGiftCard.code,
      balance: formatAmount(giftCard.balance, giftCard.currency, "en"),
    },
    soldOut,
    onBackorder,
    orders: orders.map(shownOrder),
    orderEditId: orders.find(({ edit }) => edit)?.edit ?? undefined,
    publishableKey: demo.publishableKey,
    checkout,
  };
}

/** € 89 rather than € 89.00, as in the pictures of a shop window. */
function euros(cents: number): string {
  return formatAmount(cents, "eur", "en").replace(/\.00$/, "");
}

function shownProduct({
  title,
  subtitle,
  file,
  lowest,
  highest,
  sale,
}: PricedProduct): ShownProduct {
  const isOnSale = sale !== null && sale < lowest;
  return {
    title,
    subtitle,
    picture: `/demo/pictures/${file}`,
    price: euros(isOnSale ? sale : lowest),
    before: isOnSale ? euros(lowest) : undefined,
    isFrom: highest > lowest,
  };
}

function shownCode({ code, description, regions, products, left, isValid }: ReadCode): ShownCode {
  const limits = [
    regions.length > 2 ? "everywhere" : regions.join(", "),
    ...(products.length > 0 ? [`on ${products.length} products`] : []),
    ...(left !== null && isValid ? [`${left} uses left`] : []),
    ...(isValid ? [] : ["no longer valid, for trying a refusal"]),
  ];
  return { code, description, limits: limits.filter(Boolean).join("; "), isValid };
}

function shownOrder(order: ReadOrder): ShownOrder {
  return {
    number: order.number,
    story: storyOf(order),
    total: formatAmount(order.paid, order.currency, "en"),
  };
}

function storyOf({ shipment, returned, swapped, edit }: ReadOrder): string {
  if (edit) return "an order edit waits for her decision and payment";
  if (swapped) return "shipped, then a swap";
  if (returned === "received") return "shipped, a return received and refunded";
  if (returned === "requested") return "shipped, a return on its way";
  return shipment === "not_fulfilled" ? "placed" : shipment.replaceAll("_", " ");
}
