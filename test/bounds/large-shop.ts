import { cart } from "../../src/graph/entities/cart-entities.ts";
import {
  product,
  productCategory,
  productVariant,
} from "../../src/graph/entities/catalogue-entities.ts";
import { order, orderEdit } from "../../src/graph/entities/order-entities.ts";
import { paymentCollection } from "../../src/graph/entities/payment-entities.ts";
import { region } from "../../src/graph/entities/region-entities.ts";
import type { Entity } from "../../src/graph/entity.ts";
import { walkPaths } from "../access/expandable-paths.ts";
import { aPaymentCollection } from "../payment-collections/a-payment-collection.ts";
import { asCustomer } from "../support/as-customer.ts";
import {
  aCustomer,
  aProduct,
  aRegion,
  aShippedOrder,
  aShippingOption,
  setPaymentProviders,
} from "../support/builders.ts";
import type { Shop } from "../support/open-shop.ts";
import { cartPaths } from "./random-paths.ts";
import { type Known, type Operation, operationsOf } from "./worst-requests-of.ts";

/** The lines of a full cart, as many as a shop allows by default. */
export const LINES = 250;
/** The lines of the carts that are changed again and again. */
const LINES_OF_A_CHANGE = 60;
const PRODUCTS = 20;
const VARIANTS = 20;

/** A shop with everything that a request can be about, as large as it may be. */
export interface LargeShop {
  readonly operations: readonly Operation[];
  /** The path of a cart with one line. */
  readonly smallCart: string;
  /** Name the customer whose carts and orders these are. */
  readonly headers: Readonly<Record<string, string>>;
  knownFor(operation: Operation): Known;
}

/** Fills a shop with long products, full carts and a large order of one customer. */
export async function fillLargeShop(shop: Shop): Promise<LargeShop> {
  const { knex } = shop;
  const customer = await aCustomer(knex);
  const headers = asCustomer(customer.id);
  const region_id = (await aRegion(knex, { tax_rate: 19, countries: ["de"] })).id;
  await setPaymentProviders(knex, region_id, ["manual"]);
  const option = await aShippingOption(knex, { region_id });
  const products = await longProducts(shop);
  const variants = products.flatMap((built) => built.variants.map(({ id }) => id));
  const fill = async (lines: number) => {
    const items = variants.slice(0, lines).map((variant_id) => ({ variant_id, quantity: 1 }));
    const answer = await shop.post("/store/carts", { region_id, items }, headers);
    return answer.body.cart as { id: string; items: { id: string }[] };
  };
  const [small, full, changed, bought] = [
    await fill(1),
    await fill(LINES),
    await fill(LINES_OF_A_CHANGE),
    await fill(LINES_OF_A_CHANGE),
  ];
  await shop.post(`/store/carts/${bought.id}/payment-sessions`, {}, headers);
  const placed = (await shop.post(`/store/carts/${bought.id}/complete`, {}, headers)).body.data;
  const shipped = await aShippedOrder(knex, { customer_id: customer.id, region_id });
  const collection = await aPaymentCollection(knex, "manual");
  const session = await shop.post(`${collection.path}/sessions`, { provider_id: "manual" });
  await shop.post("/store/products/search", { q: "product" });

  const ids: Known["ids"] = {
    region_id: [region_id],
    variant_id: variants,
    product_ids: [products.map(({ id }) => id).join(",")],
    ids: [variants.slice(0, 300).join(",")],
    cart_id: [full.id],
    id: [changed.id],
    line_id: changed.items.map(({ id }) => id),
    option_id: [option.id],
    order_id: [shipped.id],
    order_ids: [placed.id, shipped.id],
    item_id: shipped.lines,
    session_id: [session.body.payment_collection.payment_sessions[0].id],
    provider_id: ["manual"],
    email: ["ada@example.com"],
    currency_code: ["eur"],
    country_code: ["de"],
    order: ["-created_at", "title", "id"],
    "/store/carts/{id}#id": [full.id, changed.id],
    "/store/carts/{id}/complete#id": [bought.id],
    "/store/carts/{id}/complete-cart#id": [bought.id],
    "/store/orders/cart/{cart_id}#cart_id": [bought.id],
  };
  /** The ids and the entity of what a path leads to. */
  const roots: Readonly<Record<string, readonly [Entity, readonly string[]]>> = {
    "/store/carts": [cart, [changed.id]],
    "/store/products": [product, products.map(({ id }) => id)],
    "/store/variants": [productVariant, variants],
    "/store/product-categories": [productCategory, []],
    "/store/regions": [region, [region_id]],
    "/store/order-edits": [orderEdit, [collection.id]],
    "/store/payment-collections": [paymentCollection, [collection.collectionId]],
    "/store/orders": [order, [placed.id]],
    "/store/customers/me/orders": [order, []],
  };
  const known = new Map<string, Known>();
  for (const [start, [entity, own]] of Object.entries(roots)) {
    const at = own.length > 0 ? `${start}/${own[0]}` : start;
    const walk = (expand: string) => shop.get(`${at}?expand=${expand}`, headers);
    const relations =
      entity === cart ? cartPaths() : await walkPaths(entity, walk, () => undefined);
    const { body } = await shop.get(`${at}?fields=${Object.keys(entity.columns)}`, headers);
    const refused = String(/fields \[([^\]]*)\]/.exec(body.message ?? "")?.[1]).split(", ");
    const fields = Object.keys(entity.columns).filter((name) => !refused.includes(name));
    known.set(start, { ids: own.length > 0 ? { ...ids, id: own } : ids, relations, fields });
  }
  return {
    operations: operationsOf((await shop.get("/openapi.json")).body),
    smallCart: `/store/carts/${small.id}`,
    headers,
    knownFor: ({ path }) =>
      known.get([...known.keys()].find((start) => path.startsWith(start)) ?? "") ?? {
        ids,
        relations: [],
        fields: [],
      },
  };
}

async function longProducts({ knex }: Shop) {
  const variant = {
    manage_inventory: false,
    prices: [{ amount: 1000 }, { amount: 900, min_quantity: 5 }],
  };
  const products = [];
  for (let number = 0; number < PRODUCTS; number++)
    products.push(
      await aProduct(knex, {
        description: "A long description. ".repeat(100),
        variants: Array.from({ length: VARIANTS }, () => variant),
      }),
    );
  return products;
}
