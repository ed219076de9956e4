import type { Knex } from "knex";
import { runInTransaction, type Transaction } from "../../commands/transaction.ts";
import { ConflictError } from "../../core/errors.ts";
import type { Events } from "../../events/events.ts";
import { payment as paymentEntity } from "../../graph/entities/payment-entities.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { shapeOf } from "../../graph/shape.ts";
import type { Providers } from "../../providers/providers.ts";
import { findOpenPayments, markCaptured, type OpenPayment } from "../payments/payment-queries.ts";
import type { PaymentNotification } from "./payment-webhooks.ts";

/** What a payment pays for, an order or a swap: its payment status follows the payment. */
export interface CaptureTarget {
  /** Locks its row before the payment's. */
  lock(trx: Transaction, id: string): Promise<unknown>;
  /** Updates its payment status and publishes the events of that. */
  recordCapture(trx: Transaction, id: string): Promise<void>;
}

export interface RecordCapturesDeps {
  readonly database: Knex;
  readonly providers: Providers;
  readonly events: Events;
  readonly captureTargets: { readonly order: CaptureTarget; readonly swap: CaptureTarget };
}

const wholePayment = shapeOf(paymentEntity, {});

/**
 * Records which payments of a cart or a payment collection were captured. The provider is asked
 * about each. Does nothing where a capture is recorded already.
 * @throws ConflictError if the provider confirms none
 * @throws ProviderError
 */
export async function recordCaptures(
  deps: RecordCapturesDeps,
  { providerId, resourceId }: PaymentNotification,
): Promise<void> {
  const { database, providers } = deps;
  const provider = providers.payment.get(providerId);
  const uncaptured: string[] = [];
  const found = await findOpenPayments(database, resourceId, providerId);
  for (const open of found) {
    const { status, data } = await provider.retrieve({ data: open.data });
    if (status === "captured")
      await runInTransaction(database, (trx) => recordCapture(trx, deps, open, data));
    else uncaptured.push(`Payment ${open.id} is ${status} at its provider's, not captured`);
  }
  if (found.length > 0 && uncaptured.length === found.length)
    throw new ConflictError(uncaptured.join(". "));
}

/** Records a capture once, however many calls report it. */
async function recordCapture(
  trx: Transaction,
  { events, captureTargets }: RecordCapturesDeps,
  { id, order_id, swap_id }: OpenPayment,
  data: object,
): Promise<void> {
  const target = swap_id ? captureTargets.swap : captureTargets.order;
  const targetId = swap_id ?? order_id;
  if (targetId) await target.lock(trx, targetId);
  if (!(await markCaptured(trx, id, data))) return;
  await events.publish(trx, {
    name: "payment.payment_captured",
    data: (await loadTree(trx, wholePayment, id))!,
  });
  if (targetId) await target.recordCapture(trx, targetId);
}
