import type { Knex } from "knex";
import { runInTransaction, type Transaction } from "../../commands/transaction.ts";
import { PaymentNotConfirmedError } from "../../core/errors.ts";
import type { Events } from "../../events/events.ts";
import type { Providers } from "../../providers/providers.ts";
import type { Log } from "../../runtime/log.ts";
import { loadWholePayment } from "../payments/load-whole-payment.ts";
import {
  findOpenPayments,
  markCaptured,
  type OpenPayment,
  updatePaymentData,
} from "../payments/payment-queries.ts";
import type { PaymentNotification } from "./payment-webhooks.ts";

/** What a payment pays for, an order or a swap: its payment status follows the payment. */
export interface CaptureTarget {
  /** Locks its row before the payment's. */
  lock(trx: Transaction, id: string): Promise<unknown>;
  /** Updates its payment status and publishes the events of that. */
  recordCapture(trx: Transaction, id: string): Promise<void>;
  /** Updates its payment status after a part of a payment was captured. */
  recordPartialCapture(trx: Transaction, id: string): Promise<void>;
}

export interface RecordCapturesDeps {
  readonly database: Knex;
  readonly providers: Providers;
  readonly events: Events;
  readonly log: Log;
  readonly captureTargets: { readonly order: CaptureTarget; readonly swap: CaptureTarget };
}

/**
 * Records which payments of a cart or a payment collection were captured. The provider is asked
 * about each. Does nothing where a capture is recorded already.
 * @throws PaymentNotConfirmedError if the provider confirms none
 * @throws ProviderError
 */
export async function recordCaptures(
  deps: RecordCapturesDeps,
  notification: PaymentNotification,
): Promise<void> {
  const { database, providers } = deps;
  const provider = providers.payment.get(notification.providerId);
  const uncaptured: string[] = [];
  const found = await findOpenPayments(database, notification);
  for (const open of found) {
    const { status, data, amount = open.amount } = await provider.retrieve({ data: open.data });
    const record = amount < open.amount ? recordPartialCapture : recordCapture;
    if (status === "captured")
      await runInTransaction(database, (trx) => record(trx, deps, open, { data, amount }));
    else uncaptured.push(`Payment ${open.id} is ${status} at its provider's, not captured`);
  }
  if (found.length > 0 && uncaptured.length === found.length)
    throw new PaymentNotConfirmedError(uncaptured.join(". "));
}

/** What a provider has captured of a payment. */
interface Captured {
  readonly data: object;
  /** In the smallest unit of the currency. */
  readonly amount: number;
}

/** Records a capture once, however many calls report it. */
async function recordCapture(
  trx: Transaction,
  { events, captureTargets }: RecordCapturesDeps,
  { id, order_id, swap_id }: OpenPayment,
  { data }: Captured,
): Promise<void> {
  const target = swap_id ? captureTargets.swap : captureTargets.order;
  const targetId = swap_id ?? order_id;
  if (targetId) await target.lock(trx, targetId);
  if (!(await markCaptured(trx, id, data))) return;
  events.publish(trx, {
    name: "payment.payment_captured",
    data: await loadWholePayment(trx, id),
  });
  if (targetId) await target.recordCapture(trx, targetId);
}

/**
 * Records that a part of a payment was captured. Medusa knows no such state of a payment: it is
 * captured once all of it is, and until then the order requires an action of the shop.
 */
async function recordPartialCapture(
  trx: Transaction,
  { captureTargets, log }: RecordCapturesDeps,
  { id, order_id, swap_id, amount }: OpenPayment,
  captured: Captured,
): Promise<void> {
  const target = swap_id ? captureTargets.swap : captureTargets.order;
  const targetId = swap_id ?? order_id;
  if (targetId) await target.lock(trx, targetId);
  await updatePaymentData(trx, id, captured.data);
  if (targetId) await target.recordPartialCapture(trx, targetId);
  log.warn(
    {
      event: "payment_captured_in_part",
      payment: id,
      order: order_id,
      amount,
      captured: captured.amount,
    },
    "A part of a payment was captured; its order requires an action of the shop",
  );
}
