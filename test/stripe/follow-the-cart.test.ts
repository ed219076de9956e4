import { describe, expect, it } from "vitest";
import { aShopSetup, fillCart } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import { useFakeStripe } from "./use-fake-stripe.ts";

// No webhooks are sent: the shopper's own requests decide.
const { stripe, payment } = await useFakeStripe();
const shop = openShop({ providers: { payment }, settings: { LOG_LEVEL: "silent" } });

const intents = (cart: string) =>
  [...stripe.account.intents.values()].filter(({ metadata }) => metadata["cart_id"] === cart);
const complete = (id: string) => shop.post(`/store/carts/${id}/complete`);

async function aCart() {
  const cart = await fillCart(shop, await aShopSetup(shop.knex, { providers: ["stripe"] }));
  const setQuantity = async (quantity: number) => {
    const path = `/store/carts/${cart.id}/line-items/${cart.items[0].id}`;
    const answer = await shop.post(path, { quantity });
    expect(answer.status, answer.text).toBe(200);
    return answer.body.cart.payment_session;
  };
  return { id: cart.id as string, secret: cart.payment_session.data.client_secret, setQuantity };
}

describe("a payment intent", () => {
  it("follows the cart, and what the browser then confirms is the sum shown", async () => {
    const { id, secret, setQuantity } = await aCart();
    for (const quantity of [2, 1, 3])
      expect(await setQuantity(quantity)).toMatchObject({
        amount: quantity * 1000,
        status: "pending",
        data: { amount: quantity * 1000, client_secret: secret },
      });
    await stripe.confirm(secret);
    expect((await complete(id)).body).toMatchObject({ type: "order", data: { total: 3000 } });
    expect(intents(id)).toMatchObject([{ amount_capturable: 3000 }]);
  });

  it("has the amount of the cart, too, where an answer was lost before", async () => {
    const { id, secret, setQuantity } = await aCart();
    stripe.failures.add({ operation: "intents.update", kind: "drop_response" });
    stripe.failures.add({ operation: "intents.update", kind: "error" });
    stripe.failures.add({ operation: "intents.retrieve", kind: "error", times: 2 });
    expect((await setQuantity(2)).status).toBe("error");
    expect(intents(id)).toMatchObject([{ amount: 2000 }]);
    expect((await setQuantity(1)).status).toBe("pending");
    expect(intents(id)).toMatchObject([{ amount: 1000 }]);
    await stripe.confirm(secret);
    expect((await complete(id)).body).toMatchObject({ type: "order", data: { total: 1000 } });
  });

  it("that is confirmed stays as it is where only the e-mail changes", async () => {
    const { id, secret } = await aCart();
    await stripe.confirm(secret);
    const { body } = await shop.post(`/store/carts/${id}`, { email: "ny@example.com" });
    expect(body.cart.payment_session).toMatchObject({ status: "pending", amount: 1000 });
    expect((await complete(id)).body).toMatchObject({ type: "order", data: { total: 1000 } });
    expect(intents(id)).toMatchObject([{ status: "requires_capture", amount_capturable: 1000 }]);
  });

  it.each(["confirmed", "canceled"])(
    "that was %s before a change is replaced in the answer to the change",
    async (what) => {
      const { id, secret, setQuantity } = await aCart();
      if (what === "confirmed") await stripe.confirm(secret);
      else stripe.account.cancelIntent(intents(id)[0]!.id);
      const session = await setQuantity(2);
      expect(session).toMatchObject({ amount: 2000, status: "pending", data: { amount: 2000 } });
      expect(session.data.client_secret).not.toBe(secret);
      await expect.poll(() => intents(id)[0]?.status).toBe("canceled");
      expect((await complete(id)).body).toMatchObject({ type: "cart" });
      await stripe.confirm(session.data.client_secret);
      expect((await complete(id)).body).toMatchObject({ type: "order", data: { total: 2000 } });
      expect(intents(id).map((one) => one.amount_capturable)).toEqual([0, 2000]);
    },
  );

  it("that was confirmed for another sum is replaced by the completion", async () => {
    const { id, secret, setQuantity } = await aCart();
    stripe.failures.add({ operation: "intents.update", kind: "error", times: 2 });
    stripe.failures.add({ operation: "intents.retrieve", kind: "error", times: 2 });
    expect((await setQuantity(2)).status).toBe("error");
    await stripe.confirm(secret);
    const { body } = await complete(id);
    expect(body).toMatchObject({
      type: "cart",
      payment_status: "pending",
      data: { payment_session: { amount: 2000, status: "pending", data: { amount: 2000 } } },
    });
    await expect.poll(() => intents(id)[0]).toMatchObject({ status: "canceled" });
    await stripe.confirm(body.data.payment_session.data.client_secret);
    expect((await complete(id)).body).toMatchObject({ type: "order", data: { total: 2000 } });
    expect(intents(id).map((one) => one.amount_capturable)).toEqual([0, 2000]);
  });

  it("is refused in Stripe's words where the sum is too small, and can be paid again", async () => {
    const setup = await aShopSetup(shop.knex, { providers: ["stripe"], price: 40 });
    const cart = await fillCart(shop, setup, { quantity: 2 });
    const path = `/store/carts/${cart.id}/line-items/${cart.items[0].id}`;
    const small = await shop.post(path, { quantity: 1 });
    expect(small.body.cart.payment_session).toMatchObject({ amount: 40, status: "error" });
    expect(await complete(cart.id)).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(/Amount must be no less than/) },
    });
    expect((await shop.post(path, { quantity: 3 })).body.cart.payment_session).toMatchObject({
      amount: 120,
      status: "pending",
      data: { id: cart.payment_session.data.id, amount: 120 },
    });
  });
});
