import type { Knex } from "knex";
import { anOrderEdit, setPaymentProviders } from "../support/builders.ts";
import type { ApiClient } from "../support/open-shop.ts";

/**
 * Builds the payment collection of an order edit that costs 11.90 € more. Returns the edit and the
 * path of the collection.
 */
export async function aPaymentCollection(knex: Knex, provider = "remote") {
  const edit = await anOrderEdit(knex, { due: 1190 });
  await setPaymentProviders(knex, edit.regionId, [provider]);
  return { ...edit, path: `/store/payment-collections/${edit.collectionId}` };
}

/** Sets a session of the provider for each amount. Returns the ids of the sessions. */
export async function setPaymentSessions(
  shopper: ApiClient,
  path: string,
  amounts: readonly number[] = [1190],
  provider_id = "remote",
) {
  const sessions = amounts.map((amount) => ({ provider_id, amount }));
  const { status, body, text } = await shopper.post(`${path}/sessions/batch`, { sessions });
  if (status !== 200) throw new Error(text);
  return (body.payment_collection.payment_sessions as { id: string }[]).map(({ id }) => id);
}

/** Returns the state of a collection. */
export async function collectionState(shopper: ApiClient, path: string) {
  const { body } = await shopper.get(
    `${path}?fields=status,authorized_amount&expand=payments,payment_sessions`,
  );
  const { status, authorized_amount, payments, payment_sessions } = body.payment_collection;
  const amounts = (rows: readonly { amount: number }[]) => rows.map(({ amount }) => amount);
  return {
    status,
    authorized_amount,
    payments: amounts(payments),
    sessions: amounts(payment_sessions),
  };
}
