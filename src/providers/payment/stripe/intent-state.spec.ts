import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { authorizationOfIntent, stateOfIntent } from "./intent-state.ts";

/** A payment intent of 1000, with a charge as it is expanded. */
const anIntent = (intent: object, charge?: object) =>
  ({
    ...{ id: "pi_1", amount: 1000, amount_capturable: 0, amount_received: 0, latest_charge: null },
    ...intent,
    ...(charge && {
      latest_charge: {
        ...{ id: "ch_1", amount: 1000, amount_captured: 0, amount_refunded: 0, refunded: false },
        ...charge,
      },
    }),
  }) as unknown as Stripe.PaymentIntent;

const succeeded = (amount_received: number, charge: object) =>
  anIntent({ status: "succeeded", amount_received }, charge);

describe("the state of a payment intent", () => {
  it.each([
    ["requires_payment_method", "pending"],
    ["requires_confirmation", "pending"],
    ["processing", "pending"],
    ["requires_action", "requires_more"],
    ["canceled", "canceled"],
    ["a status of a later version", "pending"],
  ])("%s is %s", (status, state) => {
    expect(stateOfIntent(anIntent({ status }))).toEqual({
      status: state,
      data: expect.objectContaining({ id: "pi_1" }),
    });
  });

  it("requires_capture is authorized, for what can be captured", () => {
    const held = anIntent({ status: "requires_capture", amount_capturable: 1000 }, {});
    expect(stateOfIntent(held)).toMatchObject({ status: "authorized", amount: 1000 });
    expect(authorizationOfIntent(held, 1000).status).toBe("authorized");
    expect(authorizationOfIntent(held, 900).status).toBe("error");
  });

  it.each([
    ["captured", 1000, { amount_captured: 1000 }, 1000],
    ["refunded in part", 1000, { amount_captured: 1000, amount_refunded: 300 }, 700],
    ["captured in part", 600, { amount_captured: 600, amount_refunded: 400 }, 600],
    ["captured in part, the rest not counted as refunded", 600, { amount_captured: 600 }, 600],
    ["captured and refunded in part", 600, { amount_captured: 600, amount_refunded: 500 }, 500],
  ])("succeeded and %s has kept %i", (_, received, charge, amount) => {
    expect(stateOfIntent(succeeded(received, charge))).toMatchObject({
      status: "captured",
      amount,
      data: { latest_charge: "ch_1" },
    });
  });

  it.each([
    [1000, { amount_captured: 1000, amount_refunded: 1000, refunded: true }],
    [600, { amount_captured: 600, amount_refunded: 1000, refunded: true }],
  ])("succeeded with %i and refunded in full is canceled", (received, charge) => {
    const refunded = succeeded(received, charge);
    expect(stateOfIntent(refunded).status).toBe("canceled");
    expect(authorizationOfIntent(refunded, received).status).toBe("canceled");
  });
});
