import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
import { entityNamed } from "../../src/graph/schema.ts";
import { accountStories } from "../operations/account-stories.ts";
import { afterSaleStories } from "../operations/after-sale-stories.ts";
import { cartStories } from "../operations/cart-stories.ts";
import { catalogueStories } from "../operations/catalogue-stories.ts";
import {
  insertFixtureRows,
  openOperationFixture,
  type Stories,
} from "../operations/operation-fixture.ts";
import { additions } from "../operations/operations.ts";
import { orderStories } from "../operations/order-stories.ts";
import { paymentCollectionStories } from "../operations/payment-collection-stories.ts";
import { paymentSessionStories } from "../operations/payment-session-stories.ts";
import { asCustomer } from "../support/as-customer.ts";
import { aCustomer, anOrderEdit, aProductCategory, aShippedOrder } from "../support/builders.ts";
import { startFakePaymentProvider } from "../support/fake-payment-provider.ts";
import { type Answer, openShop } from "../support/open-shop.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";
import { walkPaths } from "./expandable-paths.ts";
import { HIDDEN_AMOUNTS, insertVictims, MARK, type Victim } from "./victims.ts";

const stories: Stories = Object.assign(
  {},
  catalogueStories,
  accountStories,
  cartStories,
  paymentSessionStories,
  orderStories,
  afterSaleStories,
  paymentCollectionStories,
);

type Headers = Readonly<Record<string, string>>;
type Attacker = "a stranger" | "another customer" | "a visitor who typed a victim's e-mail";
const attackers: readonly Attacker[] = [
  "a stranger",
  "another customer",
  "a visitor who typed a victim's e-mail",
];

/** What each operation with `expand` is walked from, and the rows that an attacker knows of. */
const roots: Readonly<Record<string, { entity: Entity; paths: (known: Known) => string[] }>> = {
  "GET /store/carts/{id}": {
    entity: cart,
    paths: ({ carts }) => carts.map((id) => `/store/carts/${id}`),
  },
  "GET /store/orders/{id}": {
    entity: order,
    paths: ({ orders }) => orders.map((id) => `/store/orders/${id}`),
  },
  "GET /store/orders/cart/{cart_id}": {
    entity: order,
    paths: ({ carts }) => carts.map((id) => `/store/orders/cart/${id}`),
  },
  "GET /store/orders": {
    entity: order,
    paths: ({ lookUps }) => lookUps.map((query) => `/store/orders?${query}`),
  },
  "GET /store/customers/me/orders": {
    entity: order,
    paths: () => ["/store/customers/me/orders"],
  },
  "GET /store/order-edits/{id}": {
    entity: orderEdit,
    paths: ({ edits }) => edits.map((id) => `/store/order-edits/${id}`),
  },
  "GET /store/payment-collections/{id}": {
    entity: paymentCollection,
    paths: ({ collections }) => collections.map((id) => `/store/payment-collections/${id}`),
  },
  "GET /store/products": { entity: product, paths: () => ["/store/products"] },
  "GET /store/products/{id}": {
    entity: product,
    paths: ({ productId }) => [`/store/products/${productId}`],
  },
  "GET /store/variants": { entity: productVariant, paths: () => ["/store/variants"] },
  "GET /store/variants/{id}": {
    entity: productVariant,
    paths: ({ variantId }) => [`/store/variants/${variantId}`],
  },
  "GET /store/regions": { entity: region, paths: () => ["/store/regions"] },
  "GET /store/regions/{id}": {
    entity: region,
    paths: ({ regionId }) => [`/store/regions/${regionId}`],
  },
  "GET /store/product-categories": {
    entity: productCategory,
    paths: () => ["/store/product-categories"],
  },
  "GET /store/product-categories/{id}": {
    entity: productCategory,
    paths: ({ categoryId }) => [`/store/product-categories/${categoryId}`],
  },
};

/** The ids and look-ups that an attacker knows: their own, and some of the victims'. */
interface Known {
  readonly carts: string[];
  readonly orders: string[];
  readonly lookUps: string[];
  readonly edits: string[];
  readonly collections: string[];
  readonly productId: string;
  readonly variantId: string;
  readonly regionId: string;
  readonly categoryId: string;
}

const service = await startFakePaymentProvider();
afterAll(() => service.close());
const shop = openShop({
  providers: { payment: [remotePaymentProvider(service.url)] },
  settings: { ORDER_EDITS_UNPAID: "on" },
});
let ids: Awaited<ReturnType<typeof insertFixtureRows>>;
let victims: Victim[];
let malloryId: string;
let categoryId: string;
const known = new Map<Attacker, Known>();

beforeAll(async () => {
  ids = await insertFixtureRows(shop.knex);
  await shop.knex("product_variant").update({ inventory_quantity: 100_000 });
  victims = await insertVictims(shop.knex, { regionId: ids.region, variantId: ids.variant });
  malloryId = (await aCustomer(shop.knex, { email: "mallory@evil.example" })).id;
  categoryId = (await aProductCategory(shop.knex)).id;
  for (const attacker of attackers) known.set(attacker, await knowledgeOf(attacker));
  // The stories list the options of the one region that they share with these orders.
  await shop.knex("shipping_option").whereNot({ id: ids.option }).update({ admin_only: true });
}, 120_000);

const headersOf = (attacker: Attacker): Headers =>
  attacker === "another customer" ? asCustomer(malloryId) : {};
const emailOf = (attacker: Attacker): string =>
  attacker === "a visitor who typed a victim's e-mail"
    ? "dane@victims.example"
    : "mallory@evil.example";

/** Fills what an attacker can have: carts, orders, edits and swaps, and what leaked of victims. */
async function knowledgeOf(attacker: Attacker): Promise<Known> {
  const headers = headersOf(attacker);
  const post = async (path: string, body: object = {}) => {
    const answer = await shop.post(path, body, headers);
    expect(answer.status, `${path}: ${answer.text}`).toBe(200);
    look(path, answer);
    return answer.body;
  };
  const aCart = async () => {
    const items = [{ variant_id: ids.variant, quantity: 1 }];
    const { id } = (await post("/store/carts", { region_id: ids.region, items })).cart;
    await post(`/store/carts/${id}`, { email: emailOf(attacker) });
    await post(`/store/carts/${id}/line-items`, { variant_id: ids.variant, quantity: 1 });
    await post(`/store/carts/${id}/payment-sessions`);
    return id as string;
  };
  const [open, placed] = [await aCart(), await aCart()];
  const own = (await post(`/store/carts/${placed}/complete`)).data.id as string;
  await post(`/store/carts/${placed}`, { email: "dane@victims.example" });
  const attackersOrder = await aShippedOrder(shop.knex, {
    customer_id: malloryId,
    region_id: ids.region,
  });
  const orders = [own, attackersOrder.id, ...victims.map(({ orderId }) => orderId)];
  const carts = [open, placed, ...victims.map(({ cartId }) => cartId)];
  for (const orderId of orders.slice(1)) {
    const [line] = await shop.knex("line_item").where({ order_id: orderId }).pluck("id");
    const { swap } = await post("/store/swaps", {
      order_id: orderId,
      return_items: [{ item_id: line, quantity: 1 }],
      additional_items: [{ variant_id: ids.variant, quantity: 1 }],
    });
    await post(`/store/carts/${swap.cart_id}`, { email: "x@evil.example" });
    look("swap", await shop.get(`/store/swaps/${swap.cart_id}`, headers));
    carts.push(swap.cart_id);
  }
  const edits = [];
  for (const { id: customer_id } of [...victims, { id: malloryId }])
    edits.push(
      await anOrderEdit(shop.knex, { due: 1190, order: { customer_id, region_id: ids.region } }),
    );
  const looked = await shop.knex("order").whereIn("id", orders).select("display_id", "email");
  return {
    carts,
    orders,
    lookUps: looked.map(
      ({ display_id, email }) => `display_id=${display_id}&email=${encodeURIComponent(email)}`,
    ),
    edits: edits.map(({ id }) => id),
    collections: edits.map(({ collectionId }) => collectionId),
    productId: ids.product,
    variantId: ids.variant,
    regionId: ids.region,
    categoryId,
  };
}

/** Fails if an answer holds anything of the victims. */
function look(request: string, { text }: Answer): void {
  const found = [MARK, ...HIDDEN_AMOUNTS.map(String)].find((secret) => text.includes(secret));
  if (found === undefined) return;
  const at = text.indexOf(found);
  throw new Error(`${request} shows ${text.slice(Math.max(at - 300, 0), at + 60)}`);
}

describe("what belongs to others", () => {
  it("is tried by every operation that takes expand", async () => {
    const { paths } = (await shop.get("/openapi.json")).body as {
      paths: Record<string, Record<string, { parameters?: { name: string; in: string }[] }>>;
    };
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { parameters = [] }]) => ({
        name: `${method.toUpperCase()} ${path}`,
        expands: parameters.some(({ name }) => name === "expand" || name === "fields"),
      })),
    );
    const reading = operations.filter(({ name, expands }) => expands && name.startsWith("GET"));
    expect(Object.keys(roots).toSorted()).toEqual(reading.map(({ name }) => name).toSorted());
    const others = operations.map(({ name }) => name).filter((name) => !additions.includes(name));
    expect(Object.keys(stories).toSorted()).toEqual(others.toSorted());
  });

  it.each(Object.keys(stories))("is in no answer of %s", async (operation) => {
    const { works, refuses } = stories[operation]!;
    for (const story of [works, refuses]) {
      const fixture = openOperationFixture(shop, ids);
      await story(fixture);
      for (const { request, answer } of fixture.exchanges) look(request, answer);
    }
  });

  describe.each(attackers)("for %s", (attacker) => {
    it.each(Object.keys(roots))(
      "is not reached by any path of %s",
      async (operation) => {
        const { entity, paths } = roots[operation]!;
        const headers = headersOf(attacker);
        for (const [index, path] of paths(known.get(attacker)!).entries()) {
          const get = (query: string) =>
            shop.get(`${path}${path.includes("?") ? "&" : "?"}${query}`, headers);
          const first = await get("");
          look(path, first);
          // No such order, or a login is required: there is nothing to expand.
          if (first.status !== 200) continue;
          await walkPaths(entity, (expand) => get(`expand=${expand}`), look);
          if (index > 0) continue;
          for (const fields of fieldsOf(entity)) look(fields, await get(`fields=${fields}`));
        }
      },
      300_000,
    );
  });

  it.each(attackers)("is not shown by the catalogue in other words, to %s", async (attacker) => {
    const headers = headersOf(attacker);
    for (const path of ["/store/products", `/store/products/${ids.product}`])
      for (const query of [
        "expand=variants.prices",
        "fields=title,variants.title",
        "fields=title,variants.prices.amount",
        "expand=variants.prices,variants&fields=variants.title",
        `region_id=${ids.region}`,
        "currency_code=usd",
        "currency_code=jpy&expand=variants,variants.prices",
      ]) {
        const answer = await shop.get(`${path}?${query}`, headers);
        expect(answer.status, `${query}: ${answer.text}`).toBe(200);
        look(`${path}?${query}`, answer);
      }
    const search = await shop.post("/store/products/search", { q: "tee" }, headers);
    look("search", search);
  });
});

/** Lists of columns of relations, one or two levels deep, as a client may name them in `fields`. */
function fieldsOf(entity: Entity): string[] {
  const below = (at: Entity, prefix: string, depth: number): string[] =>
    Object.entries(at.relations).flatMap(([name, relation]) => {
      const to = entityNamed(relation.entity);
      const path = `${prefix}${name}`;
      const columns = Object.keys(to.columns).map((column) => `${path}.${column}`);
      return [["id", ...columns].join(","), ...(depth > 1 ? below(to, `${path}.`, depth - 1) : [])];
    });
  return below(entity, "", 2);
}
