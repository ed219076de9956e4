import { expect, it } from "vitest";
import { wrapProvider } from "../wrap-provider.ts";
import { manualPayment } from "./manual-payment.ts";
import { paymentKind } from "./payment-provider.ts";

const manual = wrapProvider(paymentKind, manualPayment, 1);
const step = {
  resource_id: "cart_1",
  amount: 100,
  currency_code: "eur",
  context: {},
  idempotency_key: "1",
};
const question = { ...step, email: null, customer: null, billing_address: null };
const data = { status: "authorized", x: 1 };

it("stores only the name of the last step, as Medusa's provider does", async () => {
  expect(await manual.initiate({ ...question, data: {} })).toEqual({ data: { status: "pending" } });
  expect(await manual.update({ ...question, data })).toEqual({ data });
  expect(await manual.authorize({ ...step, data })).toEqual({
    status: "authorized",
    data: { status: "authorized" },
  });
  expect(await manual.capture?.({ ...step, data })).toEqual({ data: { status: "captured" } });
  expect(await manual.cancel({ ...step, data })).toEqual({ data: { status: "canceled" } });
  expect(await manual.refund({ ...step, data })).toEqual({ data });
  expect(await manual.retrieve({ data })).toEqual({ status: "authorized", data });
  expect(await manual.retrieve({ data: {} })).toEqual({ status: "pending", data: {} });
  await manual.delete({ data });
});

it.each([
  ["{x}", { x: 2 }, data],
  ["{data: {x}}", { data: { x: 2 } }, { status: "authorized", x: 2 }],
  ["{data: a text}", { data: "x" }, data],
  ["{data: null}", { data: null }, data],
])("stores only the nested data when the storefront sends %s", async (_, posted, stored) => {
  expect(await manual.updateData({ data, posted })).toEqual({ data: stored });
});
