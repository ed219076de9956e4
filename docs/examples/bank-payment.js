// @ts-check
/**
 * A payment provider that asks a bank over HTTP. PROVIDERS=./bank-payment.js loads it.
 *
 * The bank holds, captures and refunds money. It does the work of an `Idempotency-Key` once, and
 * answers a repeated request as it did the first one.
 *
 * @import { PaymentProvider, PaymentState, PaymentStep } from "nettle-store-api/providers"
 */
import { createHmac, timingSafeEqual } from "node:crypto";

const { BANK_URL = "", BANK_KEY = "", BANK_WEBHOOK_SECRET = "" } = process.env;
// The start of the server fails with this message, rather than the first payment.
if (!BANK_URL || !BANK_KEY) throw new Error("BANK_URL and BANK_KEY must be set");

/** @type {Readonly<Record<string, PaymentState>>} */
const STATES = {
  open: "pending",
  needs_customer: "requires_more",
  declined: "error",
  held: "authorized",
  captured: "captured",
  void: "canceled",
};

/**
 * @typedef {{ id: string, state: string, amount: number, held_amount: number, secret: string }}
 *   BankPayment
 */

/** @type {PaymentProvider} */
export const payment = {
  id: "bank",

  initiate: async ({ resource_id, amount, currency_code, idempotency_key: key }, { signal }) => {
    const body = { reference: resource_id, amount, currency: currency_code };
    return { data: dataOf(await callBank("POST", "/payments", { key, body, signal })) };
  },

  update: async ({ data, amount, idempotency_key: key }, { signal }) => {
    const path = `/payments/${data["id"]}/amount`;
    return { data: dataOf(await callBank("POST", path, { key, body: { amount }, signal })) };
  },

  // The only thing that a shopper may say. Nothing that is posted replaces what the bank has said.
  updateData: ({ data, posted }) => ({
    data: {
      ...data,
      ...(typeof posted["return_url"] === "string" ? { return_url: posted["return_url"] } : {}),
    },
  }),

  authorize: async (step, { signal }) => {
    const held = await callStep("hold", step, signal);
    const status = STATES[held.state];
    // The shop does not distinguish what is held from what was captured at once.
    if (status === "captured") return { status: "authorized", data: dataOf(held) };
    return { status: status ?? "error", data: dataOf(held) };
  },

  capture: async (step, { signal }) => ({ data: dataOf(await callStep("capture", step, signal)) }),
  cancel: async (step, { signal }) => ({ data: dataOf(await callStep("void", step, signal)) }),
  refund: async (step, { signal }) => ({ data: dataOf(await callStep("refund", step, signal)) }),

  delete: async ({ data }, { signal }) => {
    await callBank("DELETE", `/payments/${data["id"]}`, { signal });
  },

  retrieve: async ({ data }, { signal }) => {
    const found = await callBank("GET", `/payments/${data["id"]}`, { signal });
    const status = STATES[found.state] ?? "error";
    const isPaid = status === "authorized" || status === "captured";
    return { status, data: dataOf(found), ...(isPaid ? { amount: found.held_amount } : {}) };
  },

  webhook: ({ headers, body }) => {
    if (!isSigned(body, headers["bank-signature"])) throw refusal("The signature is wrong");
    const { type, payment: id, reference } = JSON.parse(body);
    const event = /** @type {const} */ ({ held: "authorized", captured: "captured" })[
      /** @type {"held" | "captured"} */ (type)
    ];
    return event ? { event, resource_id: reference, data: { id } } : { event: "ignored" };
  },
};

/**
 * What the shop stores, and shows to the storefront: nothing that is secret to the shopper.
 * @param {BankPayment} payment
 */
function dataOf({ id, secret }) {
  return { id, client_secret: secret };
}

/**
 * @param {string} name
 * @param {PaymentStep} step
 * @param {AbortSignal} signal
 */
function callStep(name, { data, amount, idempotency_key: key }, signal) {
  return callBank("POST", `/payments/${data["id"]}/${name}`, { key, body: { amount }, signal });
}

/**
 * What the bank refuses is thrown: the shop then answers 503, and asks again with the same key.
 * @param {"GET" | "POST" | "DELETE"} method
 * @param {string} path
 * @param {{ key?: string, body?: object, signal: AbortSignal }} request
 * @returns {Promise<BankPayment>}
 */
async function callBank(method, path, { key, body, signal }) {
  const answer = await fetch(`${BANK_URL}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${BANK_KEY}`,
      "content-type": "application/json",
      ...(key ? { "idempotency-key": key } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal,
  });
  // What is gone needs not be deleted.
  const isDone = answer.ok || (method === "DELETE" && answer.status === 404);
  if (!isDone) throw new Error(`The bank answered ${answer.status}`);
  /** @type {any} */
  const payment = await answer.json();
  return payment;
}

/**
 * @param {string} body
 * @param {string | undefined} signature
 */
function isSigned(body, signature = "") {
  const expected = createHmac("sha256", BANK_WEBHOOK_SECRET).update(body).digest("hex");
  return (
    BANK_WEBHOOK_SECRET !== "" &&
    signature.length === expected.length &&
    timingSafeEqual(Buffer.from(signature), Buffer.from(expected))
  );
}

/**
 * Returns an error whose message the shop shows, with 400. Other errors are only logged.
 * @param {string} message
 */
function refusal(message) {
  return Object.assign(new Error(message), { name: "Refusal" });
}
