import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient } from "../../support/api-client.ts";
import { clientAt } from "../../support/api-client.ts";
import { fillCart } from "../../support/builders.ts";
import { completeCart } from "../complete-cart.ts";
import { unwrap } from "../create-in-admin.ts";
import { editProduct, type OwnProduct, type OwnRows } from "./own-rows.ts";
import { runSql } from "./run-sql.ts";

/** Takes the time of a request; it fails if the request throws. */
type Timed = <T>(what: string, request: () => Promise<T>) => Promise<T>;

/** Somebody who uses a shop. */
export interface ShopUser {
  /** Does a round of what this user does all day. */
  work(timed: Timed): Promise<void>;
}

/** The rows that the users of a shop have been told of. */
export interface WrittenRows {
  readonly cart: string[];
  readonly order: string[];
  readonly customer: string[];
}

interface UsedShop {
  readonly url: string;
  readonly databaseUrl: string;
  readonly admin: ApiClient;
  readonly rows: OwnRows;
  readonly written: WrittenRows;
}

/** Returns the users of a shop: shoppers, its people in the admin, and a slow report. */
export function usersOf(shop: UsedShop): ShopUser[] {
  return [
    ...[browser(shop), browser(shop)],
    ...shop.rows.bought.map((product) => buyer(shop, product)),
    ...[customer(shop), clerk(shop), report(shop)],
  ];
}

const ok = async (answer: ReturnType<ApiClient["get"]>) => {
  const { status, text } = await answer;
  if (status !== 200) throw new Error(`answered ${status} ${text}`);
};

function browser({ url, rows }: UsedShop): ShopUser {
  const store = clientAt(url);
  const region = `region_id=${rows.regionId}`;
  const paths = [
    `/store/products?limit=12&${region}`,
    `/store/products/${rows.shown.productId}?${region}`,
    `/store/products?q=taken&${region}`,
    "/store/regions",
    "/store/collections",
    `/store/shipping-options?${region}`,
  ];
  return {
    work: async (timed) => {
      for (const path of paths) await timed(`GET ${path}`, () => ok(store.get(path)));
    },
  };
}

/** A round is a whole checkout. */
function buyer({ url, rows, written }: UsedShop, { variantId }: OwnProduct): ShopUser {
  const store = clientAt(url);
  const setup = { ...rows, variantId };
  // Medusa fails for two guests who give one new address at the same time.
  const { email } = aPerson();
  return {
    work: async (timed) => {
      const cart = await timed("filling a cart", () =>
        fillCart(store, setup, { quantity: 2, email }),
      );
      written.cart.push(cart.id);
      const [line] = cart.items;
      await timed("changing a line", () =>
        ok(store.post(`/store/carts/${cart.id}/line-items/${line.id}`, { quantity: 1 })),
      );
      const order = await timed("completing a cart", () => completeCart(store, cart.id));
      written.order.push(order.id);
    },
  };
}

/** A round is a new account: registered, logged in, looked at, changed. */
function customer({ url, written }: UsedShop): ShopUser {
  const store = clientAt(url);
  return {
    work: async (timed) => {
      const person = aPerson();
      const { id } = await timed("registering", () => register(store, person));
      written.customer.push(id);
      const headers = await timed("logging in", () => logIn(store, person));
      await timed("looking at the account", () => ok(store.get("/store/customers/me", headers)));
      await timed("changing the account", () =>
        ok(store.post("/store/customers/me", { phone: "030 1234" }, headers)),
      );
      await timed("listing orders", () => ok(store.get("/store/customers/me/orders", headers)));
    },
  };
}

/** Somebody of the shop who edits a product and looks at orders. */
function clerk({ admin, rows }: UsedShop): ShopUser {
  let round = 0;
  return {
    work: async (timed) => {
      round += 1;
      await timed("editing a title", () =>
        editProduct(admin, rows.edited, { title: `Taken over, edited ${round}` }),
      );
      await timed("editing price and stock", () =>
        editProduct(admin, rows.edited, { price: 1000 + round, stock: 100 + round }),
      );
      await timed("listing orders in the admin", () => ok(admin.get("/admin/orders?limit=5")));
      await timed("listing products in the admin", () => ok(admin.get("/admin/products?limit=5")));
    },
  };
}

/** How long a transaction of the report is open, and how long it rests. */
const REPORT_SECONDS = 0.7;

/** A program that reads in long transactions; whoever changes a table must wait for it. */
function report({ databaseUrl }: UsedShop): ShopUser {
  return {
    work: async (timed) => {
      await timed("the report", () =>
        runSql(
          databaseUrl,
          `do $$ begin
             perform from product limit 1; perform from product_variant limit 1;
             perform from "order" limit 1; perform from cart limit 1; perform from discount limit 1;
             perform pg_sleep(${REPORT_SECONDS});
           end $$`,
        ),
      );
      await sleep(REPORT_SECONDS * 1000);
    },
  };
}

/** What a customer logs in with, and the names. */
export interface Person {
  readonly email: string;
  readonly password: string;
  readonly first_name: string;
  readonly last_name: string;
}

/** Returns somebody who has no account yet. */
export const aPerson = (): Person => ({
  email: `mara-${randomBytes(6).toString("hex")}@example.com`,
  password: "walk-the-fells",
  first_name: "Mara",
  last_name: "Fell",
});

/** Registers an account and returns the customer. */
export const register = (store: ApiClient, person: Person) =>
  unwrap(store.post("/store/customers", person), "customer");

/**
 * Logs in and returns the headers of further requests.
 * @throws Error the login was refused
 */
export async function logIn(
  store: ApiClient,
  { email, password }: Pick<Person, "email" | "password">,
): Promise<{ Authorization: string }> {
  const token = await unwrap(store.post("/store/auth/token", { email, password }), "access_token");
  return { Authorization: `Bearer ${token}` };
}
