import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Impossible, PaymentLedger } from "./payment-ledger.ts";
import { signatureOf } from "./webhook-signature.ts";

/** How the service behaves at a step, instead of well. */
export interface Mood {
  /** `authorize`, `capture`, … */
  readonly step: string;
  /**
   * `fail` answers 500 and does nothing · `decline` authorizes nothing and says so · `more` asks the shopper for something first · `lose` does the work
   * and cuts the connection · `take` captures at once what it authorizes · `hang` never answers and does nothing · `slow` takes its time · `nonsense` does the work and answers something else
   */
  readonly how: "fail" | "decline" | "more" | "lose" | "take" | "hang" | "slow" | "nonsense";
  /** How often; once unless said. */
  readonly times?: number;
  /** What `slow` means; 300 unless said. */
  readonly milliseconds?: number;
}

/** What is not said to a question that comes again: the first one may have been done. */
const CHANGES_ITS_MIND = new Set<Mood["how"]>(["decline", "more"]);

export interface PaymentService {
  readonly url: string;
  readonly ledger: PaymentLedger;
  /** The steps it was asked for, in order. */
  readonly asked: string[];
  /** The next times it is asked for the step it behaves so. */
  behave(mood: Mood): void;
  /** Where it tells of what happened; without it, it does not. */
  hook: string | undefined;
  /** The shopper pays on its own page, and it tells the shop; gives the shop's answer. */
  pay(resourceId: string, outcome: Outcome): Promise<Told | undefined>;
  /** Tells the shop of something, whether or not it happened. */
  tell(resourceId: string, event: Outcome): Promise<Told | undefined>;
  close(): Promise<void>;
}

type Outcome = "authorized" | "captured" | "failed";

/** What the shop answered. */
interface Told {
  readonly status: number;
  readonly body: unknown;
}

/**
 * A payment company in small: a real HTTP service with books of its own. `POST /<step>` with a question gives the provider's answer; from other processes
 * `POST /moods` sets its moods, `GET /ledger` shows its books, `POST /hook { url }` says where it tells of what happened, and
 * `POST /pay { resource_id, outcome }` pays on its own page.
 */
export async function startPaymentService(port = 0): Promise<PaymentService> {
  const ledger = new PaymentLedger();
  const moods: { -readonly [K in keyof Mood]: Mood[K] }[] = [];
  const asked: string[] = [];
  const behave = (mood: Mood) => void moods.push({ ...mood });
  const keys = new Set<string>();
  const moodAt = (step: string, question: { readonly idempotency_key?: string }) => {
    const isAgain = keys.has(`${step} ${question.idempotency_key}`);
    if (question.idempotency_key) keys.add(`${step} ${question.idempotency_key}`);
    const mood = moods.find((one) => one.step === step);
    if (!mood || (isAgain && CHANGES_ITS_MIND.has(mood.how))) return;
    mood.times = (mood.times ?? 1) - 1;
    if (mood.times === 0) moods.splice(moods.indexOf(mood), 1);
    return mood;
  };
  const server = createServer(async (req, res) => {
    const body = await bodyOf(req);
    const step = (req.url ?? "").slice(1);
    if (step === "ledger") return send(res, 200, { payments: [...ledger.payments.values()], totals: ledger.totals() });
    if (step === "moods") return send(res, 200, behave(body as unknown as Mood) ?? {});
    if (step === "hook") {
      service.hook = (body as { url: string }).url;
      return send(res, 200, {});
    }
    if (step === "pay") {
      const { resource_id, outcome } = body as { resource_id: string; outcome: Outcome };
      return send(res, 200, await service.pay(resource_id, outcome));
    }
    asked.push(step);
    await serve(res, ledger, step, body, moodAt(step, body));
  });
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  const { port: chosen } = server.address() as { port: number };
  const tell = (resourceId: string, event: Outcome) => call(service.hook, { event, resource_id: resourceId });
  const service: PaymentService = {
    hook: undefined,
    tell,
    pay: async (resourceId, outcome) => {
      ledger.pay(resourceId, outcome);
      return tell(resourceId, outcome);
    },
    url: `http://127.0.0.1:${chosen}`,
    ledger,
    asked,
    behave,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return service;
}

async function call(hook: string | undefined, event: object): Promise<Told | undefined> {
  if (!hook) return;
  const body = JSON.stringify(event);
  const headers = { "content-type": "application/json", "x-signature": signatureOf(body) };
  const answer = await fetch(hook, { method: "POST", headers, body });
  return { status: answer.status, body: await answer.json() };
}

async function serve(res: ServerResponse, ledger: PaymentLedger, step: string, question: object, mood: Mood | undefined) {
  if (mood?.how === "hang") return;
  if (mood?.how === "slow") await sleep(mood.milliseconds ?? 300);
  if (mood?.how === "fail") return send(res, 500, { message: "Out of order" });
  const { data } = question as { data?: object };
  if (mood?.how === "decline") return send(res, 200, { status: "error", data });
  if (mood?.how === "more") return send(res, 200, { status: "requires_more", data });
  try {
    const answer = ledger.do(step, question as Record<string, unknown>);
    if (mood?.how === "take") ledger.do("capture", question as Record<string, unknown>);
    if (mood?.how === "lose") res.destroy();
    else send(res, 200, mood?.how === "nonsense" ? { status: "perhaps" } : answer);
  } catch (error) {
    if (!(error instanceof Impossible)) throw error;
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
