import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { LedgerError, PaymentLedger } from "./payment-ledger.ts";
import { signatureOf } from "./webhook-signature.ts";

/** How the provider misbehaves at a step. */
export interface FailureMode {
  /** `authorize`, `capture`, … */
  readonly step: string;
  /**
   * - `error` answers 500 and does nothing.
   * - `decline` answers that nothing is authorized.
   * - `requires_more` answers that the shopper must act first.
   * - `drop_response` does the work and closes the connection.
   * - `capture` captures at once what it authorizes.
   * - `timeout` never answers and does nothing.
   * - `slow` waits for `milliseconds` first.
   * - `invalid_response` does the work and sends an answer that is not one.
   */
  readonly kind:
    | "error"
    | "decline"
    | "requires_more"
    | "drop_response"
    | "capture"
    | "timeout"
    | "slow"
    | "invalid_response";
  /** How many requests it applies to; 1 by default. */
  readonly times?: number;
  /** How long `slow` waits; 300 by default. */
  readonly milliseconds?: number;
}

/** A repeated request must not get these answers: the first one may have been executed. */
const ONLY_FOR_NEW_KEYS = new Set<FailureMode["kind"]>(["decline", "requires_more"]);

export interface FakePaymentProvider {
  readonly url: string;
  readonly ledger: PaymentLedger;
  /** The steps that were requested, in order. */
  readonly requestedSteps: string[];
  /** What was asked at each of them. */
  readonly questions: Readonly<Record<string, unknown>>[];
  /** Makes the next requests for a step fail. */
  setFailureMode(failureMode: FailureMode): void;
  /** From now on it works. */
  clearFailureModes(): void;
  /** Where webhooks are sent; without it none is. */
  webhookUrl: string | undefined;
  /** Pays on the provider's own page and sends the webhook. Returns the shop's response. */
  pay(resourceId: string, outcome: PaymentEvent): Promise<WebhookResponse | undefined>;
  /** Sends a webhook, whether or not the event happened. */
  sendWebhook(
    resourceId: string,
    event: PaymentEvent,
    data?: object,
  ): Promise<WebhookResponse | undefined>;
  close(): Promise<void>;
}

type PaymentEvent = "authorized" | "captured" | "failed";

interface WebhookResponse {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Starts a fake payment provider: an HTTP service with its own ledger. `POST /<step>` takes a
 * question and returns the provider's answer. For other processes: `POST /failure-modes` sets a
 * failure mode, `GET /ledger` shows the ledger, `POST /webhook-url { url }` sets the address for
 * webhooks, and `POST /pay { resource_id, outcome }` pays on the provider's own page.
 */
export async function startFakePaymentProvider(port = 0): Promise<FakePaymentProvider> {
  const ledger = new PaymentLedger();
  const requestedSteps: string[] = [];
  const questions: Record<string, unknown>[] = [];
  const { setFailureMode, clearFailureModes, takeFailureMode } = createFailureModes();
  const sendWebhook = (resourceId: string, event: PaymentEvent, data?: object) =>
    postWebhook(service.webhookUrl, { event, resource_id: resourceId, data });
  const controls: Readonly<Record<string, (body: never) => unknown>> = {
    ledger: () => ({ payments: [...ledger.payments.values()], totals: ledger.totals() }),
    "failure-modes": setFailureMode,
    "webhook-url": ({ url }: { url: string }) => {
      service.webhookUrl = url;
    },
    pay: ({ resource_id, outcome }: { resource_id: string; outcome: PaymentEvent }) =>
      service.pay(resource_id, outcome),
  };
  const server = createServer(async (req, res) => {
    const body = await bodyOf(req);
    const step = (req.url ?? "").slice(1);
    const control = controls[step];
    if (control) return send(res, 200, await control(body as never));
    requestedSteps.push(step);
    questions.push({ step, ...body });
    await serve(res, ledger, step, body, takeFailureMode(step, body));
  });
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  const { port: chosen } = server.address() as { port: number };
  const service: FakePaymentProvider = {
    webhookUrl: undefined,
    sendWebhook,
    pay: async (resourceId, outcome) => {
      ledger.pay(resourceId, outcome);
      return sendWebhook(resourceId, outcome);
    },
    url: `http://127.0.0.1:${chosen}`,
    ledger,
    requestedSteps,
    questions,
    setFailureMode,
    clearFailureModes,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return service;
}

function createFailureModes() {
  const failureModes: { -readonly [K in keyof FailureMode]: FailureMode[K] }[] = [];
  const keys = new Set<string>();
  return {
    clearFailureModes: () => void failureModes.splice(0),
    setFailureMode: (failureMode: FailureMode) => void failureModes.push({ ...failureMode }),
    /** Returns the failure mode of a request, and counts the request. */
    takeFailureMode: (step: string, question: { readonly idempotency_key?: string }) => {
      const isRepeat = keys.has(`${step} ${question.idempotency_key}`);
      if (question.idempotency_key) keys.add(`${step} ${question.idempotency_key}`);
      const failureMode = failureModes.find((one) => one.step === step);
      if (!failureMode || (isRepeat && ONLY_FOR_NEW_KEYS.has(failureMode.kind))) return;
      failureMode.times = (failureMode.times ?? 1) - 1;
      if (failureMode.times === 0) failureModes.splice(failureModes.indexOf(failureMode), 1);
      return failureMode;
    },
  };
}

async function postWebhook(
  webhookUrl: string | undefined,
  event: object,
): Promise<WebhookResponse | undefined> {
  if (!webhookUrl) return;
  const body = JSON.stringify(event);
  const headers = { "content-type": "application/json", "x-signature": signatureOf(body) };
  const answer = await fetch(webhookUrl, { method: "POST", headers, body });
  return { status: answer.status, body: await answer.json() };
}

async function serve(
  res: ServerResponse,
  ledger: PaymentLedger,
  step: string,
  question: object,
  failureMode: FailureMode | undefined,
) {
  const kind = failureMode?.kind;
  if (kind === "timeout") return;
  if (kind === "slow") await sleep(failureMode?.milliseconds ?? 300);
  if (kind === "error") return send(res, 500, { message: "Out of order" });
  const { data } = question as { data?: object };
  if (kind === "decline") return send(res, 200, { status: "error", data });
  if (kind === "requires_more") return send(res, 200, { status: "requires_more", data });
  try {
    const answer = ledger.perform(step, question as Record<string, unknown>);
    if (kind === "capture") ledger.perform("capture", question as Record<string, unknown>);
    if (kind === "drop_response") res.destroy();
    else send(res, 200, kind === "invalid_response" ? { status: "perhaps" } : answer);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    send(res, 422, { message: error.message });
  }
}

function send(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body ?? {}));
}

async function bodyOf(req: IncomingMessage): Promise<object> {
  let text = "";
  for await (const part of req.setEncoding("utf8")) text += part;
  return text ? JSON.parse(text) : {};
}
