import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { LedgerError, PaymentLedger } from "./payment-ledger.ts";
import { signatureOf } from "./webhook-signature.ts";

/** How the service behaves at a step, instead of well. */
export interface FailureMode {
  /** `authorize`, `capture`, … */
  readonly step: string;
  /**
   * `fail` answers 500 and does nothing · `decline` authorizes nothing and says so · `more` asks
   * the shopper for something first · `lose` does the work and cuts the connection · `take`
   * captures at once what it authorizes · `hang` never answers and does nothing · `slow` takes its
   * time · `nonsense` does the work and answers something else
   */
  readonly kind: "fail" | "decline" | "more" | "lose" | "take" | "hang" | "slow" | "nonsense";
  /** How often; once unless said. */
  readonly times?: number;
  /** What `slow` means; 300 unless said. */
  readonly milliseconds?: number;
}

/** What is not said to a question that comes again: the first one may have been done. */
const ONLY_FOR_NEW_KEYS = new Set<FailureMode["kind"]>(["decline", "more"]);

export interface FakePaymentProvider {
  readonly url: string;
  readonly ledger: PaymentLedger;
  /** The steps it was asked for, in order. */
  readonly requestedSteps: string[];
  /** The next times it is asked for the step it behaves so. */
  setFailureMode(failureMode: FailureMode): void;
  /** Where it tells of what happened; without it, it does not. */
  webhookUrl: string | undefined;
  /** The shopper pays on its own page, and it tells the shop; gives the shop's answer. */
  pay(resourceId: string, outcome: PaymentEvent): Promise<WebhookResponse | undefined>;
  /** Tells the shop of something, whether or not it happened. */
  sendWebhook(resourceId: string, event: PaymentEvent): Promise<WebhookResponse | undefined>;
  close(): Promise<void>;
}

type PaymentEvent = "authorized" | "captured" | "failed";

/** What the shop answered. */
interface WebhookResponse {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Starts a fake payment provider: a real HTTP service with a ledger. `POST /<step>` with a question
 * returns the provider's answer. Other processes use `POST /failure-modes` to set a failure mode,
 * `GET /ledger` to read its books, `POST /hook { url }` to set the address of its webhooks, and
 * `POST /pay { resource_id, outcome }` to pay on its own page.
 */
export async function startFakePaymentProvider(port = 0): Promise<FakePaymentProvider> {
  const ledger = new PaymentLedger();
  const failureModes: { -readonly [K in keyof FailureMode]: FailureMode[K] }[] = [];
  const requestedSteps: string[] = [];
  const setFailureMode = (failureMode: FailureMode) => void failureModes.push({ ...failureMode });
  const keys = new Set<string>();
  const takeFailureMode = (step: string, question: { readonly idempotency_key?: string }) => {
    const isRepeat = keys.has(`${step} ${question.idempotency_key}`);
    if (question.idempotency_key) keys.add(`${step} ${question.idempotency_key}`);
    const failureMode = failureModes.find((one) => one.step === step);
    if (!failureMode || (isRepeat && ONLY_FOR_NEW_KEYS.has(failureMode.kind))) return;
    failureMode.times = (failureMode.times ?? 1) - 1;
    if (failureMode.times === 0) failureModes.splice(failureModes.indexOf(failureMode), 1);
    return failureMode;
  };
  const server = createServer(async (req, res) => {
    const body = await bodyOf(req);
    const step = (req.url ?? "").slice(1);
    if (step === "ledger")
      return send(res, 200, { payments: [...ledger.payments.values()], totals: ledger.totals() });
    if (step === "failure-modes")
      return send(res, 200, setFailureMode(body as unknown as FailureMode) ?? {});
    if (step === "hook") {
      service.webhookUrl = (body as { url: string }).url;
      return send(res, 200, {});
    }
    if (step === "pay") {
      const { resource_id, outcome } = body as { resource_id: string; outcome: PaymentEvent };
      return send(res, 200, await service.pay(resource_id, outcome));
    }
    requestedSteps.push(step);
    await serve(res, ledger, step, body, takeFailureMode(step, body));
  });
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  const { port: chosen } = server.address() as { port: number };
  const sendWebhook = (resourceId: string, event: PaymentEvent) =>
    postWebhook(service.webhookUrl, { event, resource_id: resourceId });
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
    setFailureMode,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return service;
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
  if (failureMode?.kind === "hang") return;
  if (failureMode?.kind === "slow") await sleep(failureMode.milliseconds ?? 300);
  if (failureMode?.kind === "fail") return send(res, 500, { message: "Out of order" });
  const { data } = question as { data?: object };
  if (failureMode?.kind === "decline") return send(res, 200, { status: "error", data });
  if (failureMode?.kind === "more") return send(res, 200, { status: "requires_more", data });
  try {
    const answer = ledger.perform(step, question as Record<string, unknown>);
    if (failureMode?.kind === "take")
      ledger.perform("capture", question as Record<string, unknown>);
    if (failureMode?.kind === "lose") res.destroy();
    else send(res, 200, failureMode?.kind === "nonsense" ? { status: "perhaps" } : answer);
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
