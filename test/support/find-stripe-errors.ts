import type { Knex } from "knex";
import type { StripeAccount } from "./fake-stripe/stripe-account.ts";

interface PaymentRow {
  readonly id: string;
  readonly intent: string;
  /** In the smallest unit of the currency. */
  readonly amount: number;
  readonly amount_refunded: number;
  readonly refunds: number;
  readonly payment_status: string | null;
}

/**
 * Compares an account at Stripe with the shop's books, and returns a sentence for each mistake:
 * whatever Stripe holds or has captured pays for one order, one swap or one order edit, at exactly
 * the amount of its payment less its refunds; everything else was voided or refunded.
 */
export async function findStripeErrors(knex: Knex, account: StripeAccount): Promise<string[]> {
  const mistakes: string[] = [];
  const byIntent = new Map<string, PaymentRow>();
  for (const row of await findPayments(knex)) {
    const { id, intent, amount_refunded, refunds } = row;
    if (byIntent.has(intent)) mistakes.push(`${intent} pays twice: ${JSON.stringify(row)}`);
    if (!account.intents.has(intent))
      mistakes.push(`${id} is paid by ${intent}, unknown to Stripe`);
    if (amount_refunded !== refunds)
      mistakes.push(`${id} has refunds of ${refunds}, and ${amount_refunded} was refunded`);
    byIntent.set(intent, row);
  }
  for (const intent of account.intents.values()) {
    const amount = intent.amount_capturable + account.keptOf(intent);
    const row = byIntent.get(intent.id);
    const due = row ? row.amount - row.amount_refunded : 0;
    const isShortOfCapture =
      row?.payment_status === "requires_action" && intent.amount_received < row.amount;
    if (amount !== due && !(isShortOfCapture && amount === intent.amount_received))
      mistakes.push(
        `Stripe has ${amount} of ${intent.id} (${intent.status}) for ` +
          `${intent.metadata["resource_id"]}, the shop ${due}: ${JSON.stringify(row)}`,
      );
  }
  return [...mistakes, ...(await findRepeatedOrders(knex))];
}

/** Finds the payments by Stripe that pay for something, or should. */
async function findPayments(knex: Knex): Promise<PaymentRow[]> {
  const { rows } = await knex.raw(
    `select p.id, p.data->>'id' as intent, p.amount, p.amount_refunded, o.payment_status,
        case when p.order_id is null then p.amount_refunded else
          coalesce((select sum(amount) from refund where payment_id = p.id), 0)::int end as refunds
      from payment p left join "order" o on o.id = p.order_id
      where p.provider_id like 'stripe%' and p.canceled_at is null
        and not exists (
          select 1 from payment_collection_payments c
            join order_edit e on e.payment_collection_id = c.payment_collection_id
          where c.payment_id = p.id and (e.declined_at is not null or e.canceled_at is not null))`,
  );
  return rows as PaymentRow[];
}

async function findRepeatedOrders(knex: Knex): Promise<string[]> {
  const repeated = await knex("order")
    .whereNotNull("cart_id")
    .groupBy("cart_id")
    .having(knex.raw("count(*) > 1"))
    .pluck("cart_id");
  return repeated.map((cart) => `${cart} has several orders`);
}
