import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { json } from "node:stream/consumers";
import { type LedgerPayment, PaymentLedger } from "../support/payment-ledger.ts";

type Body = Readonly<Record<string, unknown>>;
type Answer = readonly [status: number, body: unknown];
type Handler = (parts: readonly string[], body: Body, key: string) => Answer;

/** The services that the worked examples of docs/providers.md ask. */
export interface ExampleServices {
  /** The settings of the examples. */
  readonly settings: Readonly<Record<string, string>>;
  readonly bank: PaymentLedger;
  /** The mails that were accepted, by their key. */
  readonly mails: ReadonlyMap<string, Body>;
  /** Sends a webhook of the bank to an address. Returns the status of the answer. */
  sendBankWebhook(url: string, event: object): Promise<number>;
  close(): Promise<void>;
}

const SECRET = "bank-secret";
const KEY = "bank-key";

/** Opens the bank, the carrier, the tax service and the mail service on one port. */
export async function openExampleServices(): Promise<ExampleServices> {
  const bank = new PaymentLedger();
  const mails = new Map<string, Body>();
  const labels = new Map<string, string>();
  const handlers: Readonly<Record<string, Handler>> = {
    payments: answerOfBank(bank),
    rates: (_, body) => [200, body["service"] ? priceOf(body) : ratesOf(body)],
    points: (_, { id }) => [200, { point: id === "P1" ? { id, name: "Kiosk" } : null }],
    "return-labels": (_, __, key) => {
      if (!labels.has(key)) labels.set(key, `https://carrier.example/${labels.size}`);
      return [200, { label: labels.get(key) }];
    },
    mails: (_, body, key) => {
      mails.set(key, body);
      return [202, {}];
    },
  };
  const server = createServer(async (request, response) => {
    const [name = "", ...parts] = (request.url ?? "").slice(1).split("/");
    const isPost = request.method === "POST";
    const body = isPost ? ((await json(request)) as Body) : {};
    const at = isPost ? parts : [...parts, request.method ?? ""];
    const [status, answer] = isAllowed(name, request.headers)
      ? (handlers[name]?.(at, body, String(request.headers["idempotency-key"])) ?? [404, {}])
      : ([401, {}] as const);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  const url = `http://127.0.0.1:${port}`;
  return {
    settings: {
      ...{ BANK_URL: url, BANK_KEY: KEY, BANK_WEBHOOK_SECRET: SECRET },
      ...{ CARRIER_URL: url, TAX_URL: url, MAIL_API_URL: url },
    },
    bank,
    mails,
    sendBankWebhook: async (address, event) => {
      const body = JSON.stringify(event);
      const signature = createHmac("sha256", SECRET).update(body).digest("hex");
      const headers = { "content-type": "application/json", "bank-signature": signature };
      return (await fetch(address, { method: "POST", headers, body })).status;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function isAllowed(name: string, { authorization }: IncomingHttpHeaders): boolean {
  return name !== "payments" || authorization === `Bearer ${KEY}`;
}

const STEPS: Readonly<Record<string, string>> = {
  amount: "update",
  hold: "authorize",
  capture: "capture",
  void: "cancel",
  refund: "refund",
};
const STATES: Readonly<Record<string, string>> = {
  pending: "open",
  authorized: "held",
  captured: "captured",
  canceled: "void",
};

/** The bank's API over the ledger: what it refuses is 409. */
function answerOfBank(ledger: PaymentLedger): Handler {
  const shown = (id: string): Answer => {
    const payment = ledger.payments.get(id);
    return payment ? [200, asBankShows(payment)] : [404, {}];
  };
  return ([id, step], body, idempotency_key) => {
    try {
      if (id === undefined || id === "") {
        const question = { resource_id: body["reference"], currency_code: body["currency"] };
        const { data } = ledger.perform("initiate", { ...question, ...body, idempotency_key }) as {
          data: { id: string };
        };
        return shown(data.id);
      }
      if (step === "DELETE") ledger.perform("delete", { data: { id } });
      const name = STEPS[step ?? ""];
      if (name) ledger.perform(name, { ...body, data: { id }, idempotency_key });
      return step === "DELETE" ? [200, {}] : shown(id);
    } catch {
      return [409, {}];
    }
  };
}

function asBankShows({ id, status, amount, ...sums }: LedgerPayment) {
  const { authorized, captured, canceled, refunded } = sums;
  const held_amount = (captured > 0 ? captured : authorized) - canceled - refunded;
  return { id, state: STATES[status], amount, held_amount, secret: `secret of ${id}` };
}

const priceOf = ({ weight }: Body) => ({ price: 300 + Number(weight) * 0.25 });
const ratesOf = ({ products }: Body) => ({
  ...{ goods: (products as unknown[]).map(() => 25), shipping: 12, name: "Moms" },
});
