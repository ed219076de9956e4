import type Stripe from "stripe";
import type { StripeSettings } from "../../../config/stripe-settings.ts";
import type { ProviderCustomer } from "../../parties.ts";
import { RefusalError } from "../../refusal-error.ts";
import type { PaymentProvider, PaymentQuestion, PaymentStep } from "../payment-provider.ts";
import { authorizationOfIntent, dataOfIntent, stateOfIntent } from "./intent-state.ts";
import { readStripeEvent } from "./read-stripe-event.ts";
import { stripeClient } from "./stripe-client.ts";
import { codeOf, isCustomerMissing, orRefusal, sendOnce } from "./stripe-errors.ts";
import { methodParameters, stripeMethods } from "./stripe-methods.ts";

/** The key of a customer's metadata in which Medusa's plugin keeps their id at Stripe. */
const CUSTOMER_KEY = "stripe_id";

type Data = Readonly<Record<string, unknown>>;

/**
 * Returns the payment providers of Medusa's Stripe plugin, with its ids and its data: a payment
 * session's `data` is the payment intent. `seconds` is how long the shop waits for an answer.
 */
export function stripeProviders(settings: StripeSettings, seconds: number): PaymentProvider[] {
  const open = stripeClient(settings, seconds);
  return stripeMethods.map(
    (method): PaymentProvider => ({
      id: method.id,
      reservedCustomerKeys: [CUSTOMER_KEY],
      initiate: async (question) => {
        const customer = method.type === undefined ? question.customer : null;
        return initiate(
          await open(),
          { ...question, customer },
          {
            ...methodParameters(method, settings),
            ...(settings.description ? { description: settings.description } : {}),
          },
        );
      },
      update: async (question) => update(await open(), question),
      updateData: async ({ data, posted }) => updateData(await open(), data, posted),
      authorize: async ({ data, amount }) =>
        authorizationOfIntent(await retrieve(await open(), data), amount),
      capture: async (step) => capture(await open(), step),
      cancel: async ({ data }) => ({ data: await cancel(await open(), data) }),
      delete: async ({ data }) => cancelIfThere(await open(), data),
      refund: async (step) => refund(await open(), step),
      retrieve: async ({ data }) => stateOfIntent(await retrieve(await open(), data)),
      // Only cards can be saved, and Stripe sends the calls about all its methods to one address.
      ...(method.type === undefined
        ? {
            savedMethods: async ({ customer }) => savedMethods(await open(), customer),
            webhook: async (call) => readStripeEvent(await open(), settings, call),
          }
        : {}),
    }),
  );
}

type Parameters = Omit<Stripe.PaymentIntentCreateParams, "amount" | "currency">;

async function initiate(stripe: Stripe, question: PaymentQuestion, parameters: Parameters) {
  const known = knownCustomer(question.customer);
  try {
    return await initiateFor(stripe, question, parameters, known);
  } catch (error) {
    if (known === undefined || !isCustomerMissing(error)) throw error;
    const again = `${question.idempotency_key}:new_customer`;
    return initiateFor(stripe, { ...question, idempotency_key: again }, parameters, undefined);
  }
}

/** Creates an intent for a customer of Stripe's, who is created first where none is known. */
async function initiateFor(
  stripe: Stripe,
  question: PaymentQuestion,
  parameters: Parameters,
  known: string | undefined,
) {
  const { amount, currency_code: currency, resource_id, idempotency_key } = question;
  const customer = known ?? (await createCustomer(stripe, question));
  const isCart = !resource_id.startsWith("paycol_");
  const metadata = { resource_id, ...(isCart ? { cart_id: resource_id } : {}) };
  const wanted = { ...parameters, amount, currency, metadata, ...(customer ? { customer } : {}) };
  const intent = await orRefusal(
    sendOnce(idempotency_key, (options) => stripe.paymentIntents.create(wanted, options)),
  );
  return {
    data: dataOfIntent(intent),
    ...(customer && customer !== known ? { customer_metadata: { [CUSTOMER_KEY]: customer } } : {}),
  };
}

/** Returns the id at Stripe of a customer who is logged in, if they have one. */
function knownCustomer(customer: ProviderCustomer | null): string | undefined {
  const id = customer?.metadata?.[CUSTOMER_KEY];
  return typeof id === "string" && id !== "" ? id : undefined;
}

/** Creates the logged-in customer at Stripe. A guest has none: a typed e-mail proves nothing. */
async function createCustomer(
  stripe: Stripe,
  { customer, idempotency_key }: PaymentQuestion,
): Promise<string | undefined> {
  if (!customer) return;
  const { email, id } = customer;
  const created = await sendOnce(`${idempotency_key}:customer`, (options) =>
    stripe.customers.create({ email, metadata: { customer_id: id } }, options),
  );
  return created.id;
}

/**
 * Updates the amount, also where the last known one is the same: an answer may have been lost. A
 * payment keeps the customer with whom it began, since only they may have saved the card.
 */
async function update(stripe: Stripe, { data, amount, idempotency_key }: PaymentQuestion) {
  const id = idOf(data);
  try {
    const intent = await orRefusal(
      sendOnce(idempotency_key, (options) => stripe.paymentIntents.update(id, { amount }, options)),
    );
    return { data: dataOfIntent(intent) };
  } catch (refusal) {
    if (!(refusal instanceof RefusalError)) throw refusal;
    // What the shopper has confirmed cannot be updated, and need not be where the amount is right.
    const intent = await stripe.paymentIntents.retrieve(id);
    if (intent.status === "canceled" || intent.amount !== amount) throw refusal;
    return { data: dataOfIntent(intent) };
  }
}

/** What storefronts may set of an intent. It never names an amount, a customer or a payment. */
const POSTABLE = ["payment_method", "setup_future_usage", "receipt_email"] as const;

async function updateData(stripe: Stripe, data: Data, posted: Data) {
  const changes = Object.fromEntries(
    POSTABLE.flatMap((key) => (typeof posted[key] === "string" ? [[key, posted[key]]] : [])),
  );
  if (Object.keys(changes).length === 0) return { data: { ...data } };
  const intent = await orRefusal(stripe.paymentIntents.update(idOf(data), changes));
  return { data: dataOfIntent(intent) };
}

async function capture(stripe: Stripe, { data, amount, idempotency_key }: PaymentStep) {
  const id = idOf(data);
  try {
    const options = { idempotencyKey: idempotency_key };
    const intent = await stripe.paymentIntents.capture(id, { amount_to_capture: amount }, options);
    return { data: dataOfIntent(intent) };
  } catch (error) {
    const intent = await stripe.paymentIntents.retrieve(id);
    if (intent.status !== "succeeded") throw error;
    return { data: dataOfIntent(intent) };
  }
}

/** Cancels an intent. One that is canceled already is what was asked for. */
async function cancel(stripe: Stripe, data: Data): Promise<Record<string, unknown>> {
  const id = idOf(data);
  try {
    return dataOfIntent(await stripe.paymentIntents.cancel(id));
  } catch (error) {
    if (codeOf(error) !== "payment_intent_unexpected_state") throw error;
    const intent = await stripe.paymentIntents.retrieve(id);
    if (intent.status !== "canceled") throw error;
    return dataOfIntent(intent);
  }
}

async function cancelIfThere(stripe: Stripe, data: Data): Promise<void> {
  try {
    await cancel(stripe, data);
  } catch (error) {
    if (codeOf(error) !== "resource_missing") throw error;
  }
}

/**
 * Refunds a part or all. What was refunded in Stripe's dashboard already is back, too. Where a part
 * was, the rest is another question with a key of its own; Stripe refunds no more than it took.
 */
async function refund(stripe: Stripe, { data, amount, idempotency_key }: PaymentStep) {
  const payment_intent = idOf(data);
  try {
    await sendOnce(`${idempotency_key}:${amount}`, (options) =>
      stripe.refunds.create({ payment_intent, amount }, options),
    );
  } catch (error) {
    if (codeOf(error) !== "charge_already_refunded") throw error;
  }
  return { data: dataOfIntent(await retrieve(stripe, data)) };
}

function retrieve(stripe: Stripe, data: Data): Promise<Stripe.PaymentIntent> {
  return stripe.paymentIntents.retrieve(idOf(data), { expand: ["latest_charge"] });
}

async function savedMethods(stripe: Stripe, payer: ProviderCustomer) {
  const customer = knownCustomer(payer);
  if (customer === undefined) return [];
  const { data } = await stripe.paymentMethods
    .list({ customer, type: "card" })
    .catch((error: unknown) => {
      if (!isCustomerMissing(error)) throw error;
      return { data: [] };
    });
  return data.map((method): { data: Data } => ({ data: { ...method } }));
}

/**
 * Returns the id of a session's intent.
 * @throws Error if there is none, where a former program wrote something else
 */
function idOf({ id }: Data): string {
  if (typeof id !== "string") throw new Error("The payment session has no payment intent");
  return id;
}
