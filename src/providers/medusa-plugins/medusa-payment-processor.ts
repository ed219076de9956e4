import type {
  PaymentProvider,
  PaymentQuestion,
  PaymentStatus,
  RetrievedPayment,
} from "../payment/payment-provider.ts";
import { RefusalError } from "../refusal-error.ts";
import { oncePerKey } from "./once-per-key.ts";
import { withoutIdentity } from "./without-identity.ts";

type Json = Readonly<Record<string, unknown>>;

/** A payment processor of a Medusa plugin (`AbstractPaymentProcessor`). */
export interface MedusaPaymentProcessor {
  initiatePayment(context: Json): Promise<unknown>;
  updatePayment(context: Json): Promise<unknown>;
  updatePaymentData(sessionId: string, data: Json): Promise<unknown>;
  authorizePayment(data: Json, context: Json): Promise<unknown>;
  getPaymentStatus(data: Json): Promise<string>;
  capturePayment(data: Json): Promise<unknown>;
  cancelPayment(data: Json): Promise<unknown>;
  deletePayment(data: Json): Promise<unknown>;
  retrievePayment(data: Json): Promise<unknown>;
  refundPayment(data: Json, amount: number): Promise<unknown>;
}

/**
 * Where a session's data keeps what the processor wants to be told of its payer. Medusa keeps that
 * in the metadata of the cart's customer, of guests too; here a guest's e-mail stands for nobody.
 */
const PAYER = "payer_metadata";

/**
 * Returns a payment provider that asks a payment processor of a Medusa plugin. What the processor
 * reports as an error is a refusal, in its words, as in Medusa.
 */
export function medusaPaymentProcessor(
  id: string,
  processor: MedusaPaymentProcessor,
): PaymentProvider {
  const once = oncePerKey<{ data: Json }>();
  return {
    id,
    initiate: (question) =>
      once(`initiate ${question.idempotency_key}`, async () =>
        sessionOf(await processor.initiatePayment(toContext(question)), question),
      ),
    update: (question) =>
      once(`update ${question.idempotency_key}`, async () => {
        const answer = await processor.updatePayment(toContext(question));
        if (answer === undefined || answer === null) return { data: question.data };
        const session = sessionOf(answer, question);
        await deleteFormer(processor, question.data, session.data);
        return session;
      }),
    updateData: async ({ data, posted }) => {
      const id = String(data["id"] ?? "");
      const answer = await processor.updatePaymentData(id, withoutPayer(withoutIdentity(posted)));
      return { data: withPayer({ ...data, ...mustBeData(answer) }, data) };
    },
    authorize: async ({ data, context }) => {
      const answer = mustBeData(await processor.authorizePayment(withoutPayer(data), context));
      const { status, data: authorized } = answer as { status: PaymentStatus; data: Json };
      return { status, data: withPayer(authorized, data) };
    },
    capture: async ({ data, idempotency_key: key }) =>
      once(`capture ${key}`, async () =>
        dataAnswer(await processor.capturePayment(withoutPayer(data)), data),
      ),
    cancel: async ({ data, amount, idempotency_key: key }) =>
      once(`cancel ${key}`, () => cancelOrRefund(processor, data, amount)),
    refund: async ({ data, amount, idempotency_key: key }) =>
      once(`refund ${key}`, async () =>
        dataAnswer(await processor.refundPayment(withoutPayer(data), amount), data),
      ),
    delete: async ({ data }) => mustBeData(await processor.deletePayment(withoutPayer(data))),
    retrieve: async ({ data }) => retrieve(processor, data),
  };
}

/** A processor does not say whether it captured: what cannot be voided is refunded. */
async function cancelOrRefund(
  processor: MedusaPaymentProcessor,
  data: Json,
  amount: number,
): Promise<{ data: Json }> {
  const bare = withoutPayer(data);
  try {
    return dataAnswer(await processor.cancelPayment(bare), data);
  } catch (error) {
    const refunded = await processor
      .refundPayment(bare, amount)
      .catch(() => ({ error: "", code: "failed" }));
    if (isError(refunded)) throw error;
    return dataAnswer(refunded, data);
  }
}

async function retrieve(processor: MedusaPaymentProcessor, data: Json): Promise<RetrievedPayment> {
  const current = mustBeData(await processor.retrievePayment(withoutPayer(data)));
  const status = (await processor.getPaymentStatus(current)) as PaymentStatus;
  return { status, data: withPayer(current, data) };
}

/** An `update` may begin another payment: the former one must not stay behind. */
async function deleteFormer(
  processor: MedusaPaymentProcessor,
  former: Json,
  { id }: Json,
): Promise<void> {
  if (former["id"] === undefined || former["id"] === id) return;
  mustBeData(await processor.deletePayment(withoutPayer(former)));
}

/** Returns what a processor receives of a cart or a payment collection. */
function toContext({ data, customer, ...question }: PaymentQuestion): Json {
  const kept = data[PAYER] as Json | undefined;
  const { email, resource_id, amount, currency_code, billing_address, context } = question;
  const metadata = { ...kept, ...customer?.metadata };
  return {
    ...{ email, resource_id, amount, currency_code, billing_address, context },
    customer: customer
      ? { ...customer, metadata }
      : kept && { id: "", email: email ?? "", metadata },
    paymentSessionData: withoutPayer(data),
  };
}

interface SessionAnswer {
  readonly session_data: Json;
  readonly update_requests?: { readonly customer_metadata?: Json } | null;
}

/** Returns the data of a session, and what is to be told of its payer the next time. */
function sessionOf(answer: unknown, { data, customer }: PaymentQuestion) {
  const { session_data, update_requests } = mustBeData(answer) as unknown as SessionAnswer;
  const metadata = update_requests?.customer_metadata;
  if (customer || !metadata)
    return {
      data: withPayer(session_data, data),
      ...(metadata ? { customer_metadata: metadata } : {}),
    };
  return { data: { ...session_data, [PAYER]: metadata } };
}

function dataAnswer(answer: unknown, before: Json): { data: Json } {
  return { data: withPayer(mustBeData(answer), before) };
}

function withPayer(data: Json, before: Json): Json {
  return before[PAYER] === undefined ? data : { ...data, [PAYER]: before[PAYER] };
}

function withoutPayer({ [PAYER]: _, ...data }: Json): Json {
  return data;
}

/** @throws RefusalError if the processor answered an error */
function mustBeData(answer: unknown): Json {
  if (isError(answer))
    throw new RefusalError([answer.error, answer.detail].filter(isText).join(": "));
  return (answer ?? {}) as Json;
}

interface ProcessorError {
  readonly error: string;
  readonly detail?: unknown;
}

/** Medusa asks for `code` and `detail`, too, but processors leave them out. */
function isError(answer: unknown): answer is ProcessorError {
  if (typeof answer !== "object" || answer === null) return false;
  const { error, code, detail } = answer as Json;
  return typeof error === "string" && (code !== undefined || detail !== undefined);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
