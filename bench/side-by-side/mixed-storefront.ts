import { demoCustomer } from "../../src/demo/demo-shop.ts";
import { type Basket, basketAfter, stepOf, WRITES_OF_A_CHECKOUT } from "./checkout.ts";
import { Connection, type Job } from "./http-load.ts";
import type { Shop } from "./shop.ts";

/** How often a walk through a storefront reads each, as it was seen of a Next.js storefront. */
const READS: Readonly<Record<string, number>> = {
  "product by id": 104,
  me: 79,
  regions: 55,
  collections: 53,
  categories: 53,
  "products by id": 43,
  cart: 31,
  "shipping options": 13,
  "product by handle": 13,
  "12 products": 11,
  orders: 10,
  order: 6,
  "100 products": 3,
};
/** Three orders, of ten writes each. */
const WRITES = 30;
const LOGINS = 1;
/** How many carts wait for each write before the load starts. */
const PREPARED = 3;

/**
 * The requests of a storefront with many shoppers, in the same order at every run. Whoever is next
 * sends the next one: the proportions hold at any number of connections.
 */
export class MixedStorefront {
  readonly #kinds: readonly string[];
  /** The carts that wait for each write. */
  readonly #waiting: Basket[][] = Array.from({ length: WRITES_OF_A_CHECKOUT }, () => []);
  #at = 0;
  #writes = 0;
  #orderId = "";
  orders = 0;

  private constructor(private readonly shop: Shop) {
    const names = { ...READS, write: WRITES, "log in": LOGINS };
    this.#kinds = Object.entries(names).flatMap(([name, count]) =>
      Array.from({ length: count }, () => name),
    );
  }

  /** Prepares carts, so that there is one for each write from the start. */
  static async open(shop: Shop): Promise<MixedStorefront> {
    const storefront = new MixedStorefront(shop);
    const connection = new Connection(shop.url);
    for (let number = 0; number < PREPARED; number++)
      for (let stage = WRITES_OF_A_CHECKOUT; stage > 0; stage--) {
        let basket: Basket = { cartId: "", lines: [] };
        for (let at = 0; at < stage; at++) {
          const { sent } = stepOf(shop, storefront.#variant(stage), basket, at);
          const { status, text } = await connection.ask(sent, true);
          if (status !== 200) throw new Error(`${sent.path}: ${status} ${text}`);
          basket = basketAfter(text);
        }
        storefront.#put(stage, basket);
      }
    connection.end("");
    return storefront;
  }

  /** Returns the next request. */
  next(): Job {
    // A step that shares no factor with their number visits all of them, well mixed.
    const kind = this.#kinds[(this.#at++ * 211) % this.#kinds.length]!;
    if (kind === "write") return this.#write();
    if (kind === "log in") return LOG_IN;
    return this.#read(kind);
  }

  #read(kind: string): Job {
    const { regionId, products, cartId, token } = this.shop;
    const product = products[(this.#at * 7919) % products.length]!;
    const get = (path: string): Job => ({ method: "GET", path: `/store${path}` });
    // Every other shopper is a guest.
    const isGuest = this.#at % 2 === 0;
    const own = (path: string): Job =>
      isGuest ? { ...get(path), expected: 401 } : { ...get(path), token };
    const list = `region_id=${regionId}&currency_code=eur&is_giftcard=false`;
    switch (kind) {
      case "product by id":
        return get(`/products/${product.id}?region_id=${regionId}`);
      case "products by id":
        return get(`/products?id%5B0%5D=${product.id}&region_id=${regionId}`);
      case "product by handle":
        return get(`/products?handle=${product.handle}&region_id=${regionId}`);
      case "me":
        return own("/customers/me");
      case "orders":
        return own("/customers/me/orders?limit=10&offset=0");
      case "cart":
        return get(`/carts/${cartId}`);
      case "shipping options":
        return get(`/shipping-options/${cartId}`);
      case "order":
        return get(`/orders/${this.#orderId}`);
      case "12 products":
        return get(`/products?limit=12&offset=${12 * (this.#at % 3)}&${list}`);
      case "100 products":
        return get(`/products?limit=100&${list}`);
      case "collections":
        return get("/collections?limit=6&offset=0");
      case "categories":
        return get("/product-categories?limit=6&offset=0");
      default:
        return get("/regions");
    }
  }

  #write(): Job {
    const wanted = this.#writes++ % WRITES_OF_A_CHECKOUT;
    const basket = wanted > 0 ? this.#waiting[wanted]!.shift() : undefined;
    // Where all carts of that stage are being written to, another one is created.
    const at = basket ? wanted : 0;
    const { sent } = stepOf(
      this.shop,
      this.#variant(this.#writes),
      basket ?? { cartId: "", lines: [] },
      at,
    );
    return { ...sent, done: (text) => this.#put(at + 1, basketAfter(text)) };
  }

  #put(stage: number, basket: Basket): void {
    if (stage < WRITES_OF_A_CHECKOUT) this.#waiting[stage]!.push(basket);
    else {
      this.#orderId = basket.cartId;
      this.orders++;
    }
  }

  #variant(number: number): string {
    return this.shop.variants[(number * 13) % this.shop.variants.length]!;
  }
}

const LOG_IN: Job = {
  method: "POST",
  path: "/store/auth/token",
  body: JSON.stringify(demoCustomer),
};
