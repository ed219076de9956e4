import { type Connection, nameOf, type Sent } from "./http-load.ts";
import type { Shop } from "./shop.ts";

/** The steps of a checkout that are shown; the others take part in the whole. */
export const SHOWN_STEPS = ["create cart", "add line", "update line", "complete"] as const;

/** A request of a checkout. */
export interface Step {
  readonly name: string;
  readonly sent: Sent;
}

/** What the steps so far have created. */
export interface Basket {
  readonly cartId: string;
  readonly lines: readonly string[];
}

const ADDRESS = {
  ...{ first_name: "Ada", last_name: "Holm", address_1: "Lane 1", city: "Bonn" },
  postal_code: "1",
};

const post = (path: string, body: object = {}): Sent => ({
  method: "POST",
  path: `/store/carts${path}`,
  body: JSON.stringify(body),
});

type MakeStep = (shop: Shop, variant: string, basket: Basket) => Sent;

/** The ten writes of a checkout: one in ten completes an order. */
const WRITES: readonly (readonly [name: string, make: MakeStep])[] = [
  ["create cart", ({ regionId }) => post("", { region_id: regionId })],
  ["add line", (_, variant, cart) => line(cart, variant)],
  ["add line", (shop, variant, cart) => line(cart, otherThan(variant, shop))],
  [
    "update line",
    (_, __, { cartId, lines }) => post(`/${cartId}/line-items/${lines[0]}`, { quantity: 2 }),
  ],
  ["e-mail", (_, __, { cartId }) => post(`/${cartId}`, { email: "bench@example.com" })],
  [
    "address",
    ({ country }, _, { cartId }) =>
      post(`/${cartId}`, { shipping_address: { ...ADDRESS, country_code: country } }),
  ],
  [
    "shipping",
    ({ optionId }, _, { cartId }) => post(`/${cartId}/shipping-methods`, { option_id: optionId }),
  ],
  ["payment sessions", (_, __, { cartId }) => post(`/${cartId}/payment-sessions`)],
  // A storefront asks for them on every render of its checkout page.
  ["payment sessions", (_, __, { cartId }) => post(`/${cartId}/payment-sessions`)],
  ["complete", (_, __, { cartId }) => post(`/${cartId}/complete`)],
];

/** How many writes a checkout has. */
export const WRITES_OF_A_CHECKOUT = WRITES.length;

const line = ({ cartId }: Basket, variant: string) =>
  post(`/${cartId}/line-items`, { variant_id: variant, quantity: 1 });

const otherThan = (variant: string, { variants }: Shop) =>
  variants[(variants.indexOf(variant) + 33) % variants.length]!;

/** Returns the write number `at` of a checkout of `variant`. */
export function stepOf(shop: Shop, variant: string, basket: Basket, at: number): Step {
  const [name, make] = WRITES[at]!;
  return { name, sent: make(shop, variant, basket) };
}

/**
 * Returns what there is after the answer to a write.
 * @throws Error the answer to `complete` is no order
 */
export function basketAfter(text: string): Basket {
  const { cart, type, data } = JSON.parse(text) as {
    cart?: { id: string; items?: { id: string }[] };
    type?: string;
    data?: { id: string };
  };
  if (cart) return { cartId: cart.id, lines: (cart.items ?? []).map(({ id }) => id) };
  if (type !== "order") throw new Error(`complete: 200, but of type ${type}`);
  return { cartId: data!.id, lines: [] };
}

/**
 * Buys `variant`, and notifies `took` of how long each step has taken, in milliseconds.
 * @throws Error a step was refused; the message names the step, its status and its message
 */
export async function checkOut(
  connection: Connection,
  shop: Shop,
  variant: string,
  took: (step: string, milliseconds: number) => void,
): Promise<void> {
  let basket: Basket = { cartId: "", lines: [] };
  for (let at = 0; at < WRITES.length; at++) {
    const { name, sent } = stepOf(shop, variant, basket, at);
    const begin = performance.now();
    const { status, text } = await connection.ask(sent, true);
    if (status !== 200) throw new Error(`${name}: ${nameOf(sent, status, text)}`);
    took(name, performance.now() - begin);
    basket = basketAfter(text);
  }
}
