import type { Knex } from "knex";
import supertest from "supertest";
import { expect } from "vitest";
import { aCustomer, aProduct, aRegion } from "../support/builders.ts";
import { aShippingOption } from "../support/catalogue-builders.ts";
import type { Answer, Shop, Visitor } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

/** What a story of an operation plays on: a shop with something to sell, and who has asked what. */
export interface Stage extends Visitor {
  readonly knex: Knex;
  readonly set: StageSet;
  /** A customer with an account who is logged in, in a browser. */
  customer(): Promise<{ id: string; email: string; browser: Visitor }>;
  /** A cart with a piece in it, ready to be paid. */
  cart(wish?: object): Promise<{ id: string; line: string }>;
  /** A cart that has become an order. */
  order(): Promise<{ id: string; cart: string }>;
  /** Sends a body that is called JSON and is none: what even an operation refuses that takes nothing. */
  garbled(method: "get" | "delete", path: string): Promise<Answer>;
  /** Such a method and path were asked for, and this came back. */
  readonly asked: { readonly request: string; readonly answer: Answer }[];
}

/** A region with one country, a product with a variant, and a way to ship it. */
interface StageSet {
  readonly region: string;
  readonly product: string;
  readonly variant: string;
  readonly option: string;
}

/** Plays an operation, and gives its answer. */
export type Story = (stage: Stage) => Promise<Answer>;

/** For each operation, how it works and how it refuses. */
export type Stories = Readonly<Record<string, { readonly works: Story; readonly refuses: Story }>>;

/** Puts up what the stories need. */
export async function setTheStage(knex: Knex): Promise<StageSet> {
  const region = await aRegion(knex, { countries: ["de"] });
  const product = await aProduct(knex, { title: "Merino tee", variants: [{ inventory_quantity: 1000 }] });
  const option = await aShippingOption(knex, region.id, { name: "Standard" });
  return { region: region.id, product: product.id, variant: product.variants[0]!.id, option: option.id };
}

/** A stage for one story. */
export function openStage(shop: Shop, set: StageSet): Stage {
  const asked: Stage["asked"] = [];
  const note = async (request: string, sent: PromiseLike<Answer>) => {
    const answer = await sent;
    asked.push({ request: request.split("?")[0]!, answer });
    return answer;
  };
  const noting = (visitor: Visitor): Visitor => {
    return {
      get: (path, headers) => note(`GET ${path}`, visitor.get(path, headers)),
      post: (path, body, headers) => note(`POST ${path}`, visitor.post(path, body, headers)),
      delete: (path, headers) => note(`DELETE ${path}`, visitor.delete(path, headers)),
    };
  };
  const guest = noting(shop);
  const cart = async (wish: object = {}) => {
    const items = [{ variant_id: set.variant, quantity: 1 }];
    const { body } = await guest.post("/store/carts", { region_id: set.region, items });
    await guest.post(`/store/carts/${body.cart.id}`, { email: "guest@example.com", ...wish });
    await guest.post(`/store/carts/${body.cart.id}/payment-sessions`);
    return { id: body.cart.id, line: body.cart.items[0].id };
  };
  return {
    ...guest,
    knex: shop.knex,
    set,
    asked,
    garbled: (method, path) => note(`${method.toUpperCase()} ${path}`, supertest(shop.url)[method](path).type("json").send('{"')),
    cart,
    customer: async () => {
      const { id, email } = (await aCustomer(shop.knex, { first_name: "Ada" })) as unknown as { id: string; email: string };
      const browser = noting(shop.visitor());
      await browser.post("/store/auth", { email, password: "correct-horse" });
      return { id, email, browser };
    },
    order: async () => {
      const { id } = await cart();
      const { body } = await guest.post(`/store/carts/${id}/complete`);
      return { id: body.data.id, cart: id };
    },
  };
}

/** The answer holds this. */
export function holding(answer: Answer, body: unknown): Answer {
  expect(answer.body, answer.text).toMatchObject(body as object);
  return answer;
}

/** The answer is this text. */
export function saying(answer: Answer, text: string): Answer {
  expect(answer.text).toBe(text);
  return answer;
}

/** The answer is a refusal, in words. */
export function refused(
  answer: Answer,
  status: number,
  refusal: { readonly type?: string; readonly message?: string | RegExp } = {},
) {
  expect(answer).toBeRefused(status, refusal);
  return answer;
}

export const notFound = { type: "not_found" };
export const invalid = { type: "invalid_data" };
export const notAllowed = { type: "not_allowed" };
