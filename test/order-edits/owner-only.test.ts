import { expect, it } from "vitest";
import { asCustomer } from "../support/as-customer.ts";
import { aCustomer, anOrderEdit } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

const shop = openShop({ settings: { AFTER_SALE_LOGIN: "on" } });

it("with AFTER_SALE_LOGIN, only the order's customer decides and pays an order edit", async () => {
  const edit = await anOrderEdit(shop.knex, { due: 1190 });
  const [stranger, owner] = [
    asCustomer((await aCustomer(shop.knex)).id),
    asCustomer(edit.customerId),
  ];
  const [editPath, payPath] = [
    `/store/order-edits/${edit.id}`,
    `/store/payment-collections/${edit.collectionId}`,
  ];
  const steps = [
    [`${editPath}/decline`, {}, `Order edit with id ${edit.id}`],
    [`${editPath}/complete`, {}, `Order edit with id ${edit.id}`],
    [
      `${payPath}/sessions`,
      { provider_id: "manual" },
      `Payment collection with id ${edit.collectionId}`,
    ],
    [
      `${payPath}/sessions/batch`,
      { sessions: [] },
      `Payment collection with id ${edit.collectionId}`,
    ],
    [
      `${payPath}/sessions/batch/authorize`,
      { session_ids: [] },
      `Payment collection with id ${edit.collectionId}`,
    ],
  ] as const;
  for (const [path, body, what] of steps) {
    expect((await shop.post(path, body)).status).toBe(401);
    expect(await shop.post(path, body, stranger)).toBeRefused(404, {
      message: `${what} was not found`,
    });
  }
  const { body } = await shop.post(`${payPath}/sessions`, { provider_id: "manual" }, owner);
  const session = `${payPath}/sessions/${body.payment_collection.payment_sessions[0].id}`;
  expect((await shop.post(session)).status).toBe(401);
  expect((await shop.post(`${session}/authorize`, {}, stranger)).status).toBe(404);
  expect((await shop.post(`${session}/authorize`, {}, owner)).status).toBe(200);
  expect((await shop.post(`${editPath}/complete`, {}, owner)).status).toBe(200);
});
