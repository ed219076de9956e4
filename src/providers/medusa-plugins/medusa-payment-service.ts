import type {
  PaymentProvider,
  PaymentQuestion,
  PaymentStatus,
} from "../payment/payment-provider.ts";
import { oncePerKey } from "./once-per-key.ts";
import { withoutIdentity } from "./without-identity.ts";

type Json = Readonly<Record<string, unknown>>;

/** A payment service of an older Medusa plugin (`PaymentService` of `medusa-interfaces`). */
export interface MedusaPaymentService {
  createPayment(cart: Json): Promise<Json>;
  updatePayment(data: Json, cart: Json): Promise<Json>;
  updatePaymentData(data: Json, posted: Json): Promise<Json>;
  authorizePayment(session: Json, context: Json): Promise<{ status: PaymentStatus; data: Json }>;
  getStatus(data: Json): Promise<PaymentStatus>;
  getPaymentData(session: Json): Promise<Json>;
  capturePayment(payment: Json): Promise<Json>;
  cancelPayment(payment: Json): Promise<Json>;
  refundPayment(payment: Json, amount: number): Promise<Json>;
  deletePayment(session: Json): Promise<unknown>;
  retrievePayment(data: Json): Promise<Json>;
}

/** Returns a payment provider that asks a payment service of an older Medusa plugin. */
export function medusaPaymentService(id: string, service: MedusaPaymentService): PaymentProvider {
  const once = oncePerKey<{ data: Json }>();
  return {
    id,
    initiate: (question) =>
      once(`initiate ${question.idempotency_key}`, async () =>
        dataIn(await service.createPayment(toCart(question))),
      ),
    update: (question) =>
      once(`update ${question.idempotency_key}`, async () =>
        dataIn(await service.updatePayment(question.data, toCart(question))),
      ),
    updateData: async ({ data, posted }) => ({
      data: { ...data, ...(await service.updatePaymentData(data, withoutIdentity(posted))) },
    }),
    authorize: ({ data, context }) => service.authorizePayment({ data, provider_id: id }, context),
    capture: async ({ data, amount, idempotency_key: key }) =>
      once(`capture ${key}`, async () => ({
        data: await service.capturePayment({ data, amount }),
      })),
    cancel: async ({ data, amount, idempotency_key: key }) =>
      once(`cancel ${key}`, async () => ({ data: await service.cancelPayment({ data, amount }) })),
    refund: async ({ data, amount, idempotency_key: key }) =>
      once(`refund ${key}`, async () => ({
        data: await service.refundPayment({ data, amount }, amount),
      })),
    delete: ({ data }) => service.deletePayment({ data, provider_id: id }),
    retrieve: async ({ data }) => {
      const current = await service.retrievePayment(data);
      return { status: await service.getStatus(current), data: current };
    },
  };
}

/** Later services answer `{ session_data }`, earlier ones the data itself. */
function dataIn(answer: Json): { data: Json } {
  const { session_data } = answer as { session_data?: Json };
  return { data: session_data ?? answer };
}

/** Returns a cart as far as such a service reads one, in the words of both of its contracts. */
function toCart(question: PaymentQuestion): Json {
  const { resource_id, amount, currency_code, email, customer, billing_address } = question;
  return {
    ...{ id: resource_id, resource_id, email, customer, customer_id: customer?.id ?? null },
    ...{ amount, total: amount, currency_code, billing_address, context: question.context },
    region: { currency_code },
    paymentSessionData: question.data,
  };
}
