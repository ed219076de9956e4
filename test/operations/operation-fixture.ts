import type { Knex } from "knex";
import supertest from "supertest";
import { expect } from "vitest";
import { aCustomer, aProduct, aRegion, aShippingOption } from "../support/builders.ts";
import type { Answer, ApiClient, Shop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

/**
 * What the story of an operation uses: a shop with a product, clients, and a record of all
 * requests.
 */
export interface OperationFixture extends ApiClient {
  readonly knex: Knex;
  readonly ids: FixtureIds;
  /** Creates a customer and logs in. */
  customer(): Promise<{ id: string; email: string; browser: ApiClient }>;
  /** Fills a cart with one item, up to its payment sessions. */
  cart(update?: object): Promise<{ id: string; line: string }>;
  /** Places an order. */
  order(): Promise<{ id: string; cart: string }>;
  /** Sends malformed JSON, which also an operation without parameters must refuse. */
  sendMalformedJson(method: "get" | "delete", path: string): Promise<Answer>;
  /** The requests so far, with their answers. */
  readonly exchanges: { readonly request: string; readonly answer: Answer }[];
}

/** The ids of a region with one country, a product, its variant and a shipping option. */
interface FixtureIds {
  readonly region: string;
  readonly product: string;
  readonly variant: string;
  readonly option: string;
}

/** Calls an operation and returns its answer. */
export type Story = (stage: OperationFixture) => Promise<Answer>;

/** A story of success and one of refusal for each operation. */
export type Stories = Readonly<Record<string, { readonly works: Story; readonly refuses: Story }>>;

/** Inserts the rows that the stories use. */
export async function insertFixtureRows(knex: Knex): Promise<FixtureIds> {
  const region = await aRegion(knex, { countries: ["de"] });
  const product = await aProduct(knex, {
    title: "Merino tee",
    variants: [{ inventory_quantity: 1000 }],
  });
  const option = await aShippingOption(knex, { region_id: region.id });
  return {
    region: region.id,
    product: product.id,
    variant: product.variants[0]!.id,
    option: option.id,
  };
}

/** Opens the fixture of one story. */
export function openOperationFixture(shop: Shop, ids: FixtureIds): OperationFixture {
  const exchanges: OperationFixture["exchanges"] = [];
  const record = async (request: string, response: PromiseLike<Answer>) => {
    const answer = await response;
    exchanges.push({ request: request.split("?")[0]!, answer });
    return answer;
  };
  const recording = (client: ApiClient): ApiClient => {
    return {
      get: (path, headers) => record(`GET ${path}`, client.get(path, headers)),
      post: (path, body, headers) => record(`POST ${path}`, client.post(path, body, headers)),
      delete: (path, headers) => record(`DELETE ${path}`, client.delete(path, headers)),
    };
  };
  const guest = recording(shop);
  const cart = async (update: object = {}) => {
    const items = [{ variant_id: ids.variant, quantity: 1 }];
    const { body } = await guest.post("/store/carts", { region_id: ids.region, items });
    await guest.post(`/store/carts/${body.cart.id}`, { email: "guest@example.com", ...update });
    await guest.post(`/store/carts/${body.cart.id}/payment-sessions`);
    return { id: body.cart.id, line: body.cart.items[0].id };
  };
  return {
    ...guest,
    knex: shop.knex,
    ids,
    exchanges,
    sendMalformedJson: (method, path) =>
      record(
        `${method.toUpperCase()} ${path}`,
        supertest(shop.url)[method](path).type("json").send('{"'),
      ),
    cart,
    customer: async () => {
      const { id, email } = await aCustomer(shop.knex, { first_name: "Ada" });
      const browser = recording(shop.openBrowser());
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

/** Expects the body to match. */
export function expectBody(answer: Answer, body: unknown): Answer {
  expect(answer.body, answer.text).toMatchObject(body as object);
  return answer;
}

/** Expects this text. */
export function expectText(answer: Answer, text: string): Answer {
  expect(answer.text).toBe(text);
  return answer;
}

/** Expects a refusal with a message. */
export function expectRefusal(
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
