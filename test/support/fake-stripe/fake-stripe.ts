import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "qs";
import { StripeAccount } from "./stripe-account.ts";
import { apiError, unauthorized } from "./stripe-api-error.ts";
import { type StripeFailure, StripeFailures } from "./stripe-failures.ts";
import { type StripeAnswer, StripeIdempotency } from "./stripe-idempotency.ts";
import { stripeJs } from "./stripe-js.ts";
import { findOperation, type Operation } from "./stripe-operations.ts";
import { StripeWebhooks } from "./stripe-webhooks.ts";

export interface FakeStripe {
  readonly url: string;
  readonly account: StripeAccount;
  readonly webhooks: StripeWebhooks;
  readonly failures: StripeFailures;
  readonly idempotency: StripeIdempotency;
  /** The names of the operations that were requested, in order. */
  readonly requests: Operation["name"][];
  /**
   * Waits until an operation is requested, from now on, for the `times`-th time.
   * @throws after 30 seconds
   */
  whenRequested(operation: Operation["name"], times?: number): Promise<void>;
  /** Pays in the browser, as Stripe's own library does, with the session's `client_secret`. */
  confirm(clientSecret: string, paymentMethod?: string): Promise<Response>;
  close(): Promise<void>;
}

export const stripeKeys = {
  secret: "sk_test_nettle",
  publishable: "pk_test_nettle",
  webhook: "whsec_nettle",
};

/**
 * Starts a server that speaks Stripe's API with an account of its own: intents, captures, refunds,
 * customers, saved methods, idempotency keys, errors, and signed webhooks. `GET /v3/` is a stand-in
 * for the library that Stripe serves to browsers. For other processes: `POST /fake/webhook-url
 * { url }`, `POST /fake/failures`, `POST /fake/finish-action { id }` and `GET /fake/account`.
 */
export async function startFakeStripe(port = 0): Promise<FakeStripe> {
  const webhooks = new StripeWebhooks(stripeKeys.webhook);
  const failures = new StripeFailures();
  const idempotency = new StripeIdempotency();
  const account = new StripeAccount((event) => webhooks.publish(event));
  const requests: Operation["name"][] = [];
  const controls: Readonly<Record<string, (body: never) => unknown>> = {
    account: () => ({ intents: [...account.intents.values()], totals: account.totals() }),
    failures: (failure: StripeFailure) => failures.add(failure),
    "webhook-url": ({ url }: { url: string }) => {
      webhooks.url = url;
    },
    "finish-action": ({ id }: { id: string }) => account.finishAction(id),
  };

  async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(req.url ?? "/", "http://stripe");
    if (req.method === "OPTIONS") return void res.writeHead(204, FOR_BROWSERS).end();
    if (/^\/v3\/?$/.test(pathname)) return sendScript(res, stripeJs(addressOf(req)));
    const text = await textOf(req);
    const control = controls[/^\/fake\/(.+)$/.exec(pathname)?.[1] ?? ""];
    const found = findOperation(req.method ?? "GET", pathname);
    if (found) await perform(req, res, { ...found, path: pathname, query: search.slice(1), text });
    else if (control)
      send(res, { status: 200, body: await control(JSON.parse(text || "{}") as never) });
    else send(res, unrecognized(pathname));
  }

  async function perform(
    req: IncomingMessage,
    res: ServerResponse,
    { operation, id, path, query, text }: Requested,
  ): Promise<void> {
    const parameters = { ...parse(query), ...parse(text) };
    requests.push(operation.name);
    const failure = failures.take(operation.name);
    if (failure && (await failBefore(failure, res))) return;
    const key = req.headers["idempotency-key"] as string | undefined;
    const request = { key, request: `${path} ${text}` };
    const answer = await idempotency.answer(request, failure, async () => {
      mustBeAllowed(req, operation, parameters);
      return operation.run(account, id, parameters);
    });
    if (failure?.kind === "slow_response") await sleep(failure.milliseconds ?? 300);
    if (failure?.kind === "drop_response") res.destroy();
    else send(res, answer);
  }

  const server = createServer((req, res) => void serve(req, res));
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  const { port: chosen } = server.address() as { port: number };
  const url = `http://127.0.0.1:${chosen}`;
  return {
    ...{ url, account, webhooks, failures, idempotency, requests },
    whenRequested: (operation, times = 1) => whenRequested(requests, operation, times),
    confirm: (clientSecret, paymentMethod = "pm_card_visa") =>
      fetch(`${url}/v1/payment_intents/${clientSecret.split("_secret_")[0]}/confirm`, {
        method: "POST",
        headers: { authorization: `Bearer ${stripeKeys.publishable}` },
        body: new URLSearchParams({ client_secret: clientSecret, payment_method: paymentMethod }),
      }),
    close: async () => {
      webhooks.url = undefined;
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** A request for an operation. */
interface Requested {
  readonly operation: Operation;
  /** The id in the path. */
  readonly id: string;
  readonly path: string;
  readonly query: string;
  readonly text: string;
}

const unrecognized = (path: string): StripeAnswer => ({
  status: 404,
  body: apiError("invalid_request_error", `Unrecognized request URL (${path})`),
});

/** Fails instead of doing the work, or waits before it. Returns whether nothing is to be done. */
async function failBefore(failure: StripeFailure, res: ServerResponse): Promise<boolean> {
  const { kind, milliseconds = 300 } = failure;
  if (kind === "slow") await sleep(milliseconds);
  if (kind === "error") send(res, { status: 500, body: apiError("api_error", "Out of order") });
  if (kind === "rate_limit")
    send(res, {
      status: 429,
      body: apiError("invalid_request_error", "Request rate limit exceeded", "rate_limit"),
    });
  return kind === "error" || kind === "rate_limit" || kind === "timeout";
}

/** Browsers have the publishable key, and may act on the intent whose secret they know. */
function mustBeAllowed(
  { headers }: IncomingMessage,
  { isPublic }: Operation,
  parameters: Readonly<Record<string, unknown>>,
): void {
  const key = keyIn(headers.authorization ?? "") || parameters["key"];
  const isBrowser = isPublic && typeof parameters["client_secret"] === "string";
  if (key === stripeKeys.secret || (isBrowser && key === stripeKeys.publishable)) return;
  throw unauthorized("Invalid API Key provided");
}

/** Stripe's library sends the key as a token, `curl -u` as the name of a user. */
function keyIn(authorization: string): string {
  const [scheme, value = ""] = authorization.split(" ");
  if (scheme !== "Basic") return value;
  return Buffer.from(value, "base64").toString("utf8").split(":")[0] ?? "";
}

async function whenRequested(
  requests: readonly string[],
  operation: string,
  times: number,
): Promise<void> {
  const before = requests.length;
  const deadline = performance.now() + 30_000;
  while (requests.slice(before).filter((one) => one === operation).length < times) {
    if (performance.now() > deadline) {
      const received = requests.slice(before).join(", ") || "nothing";
      throw new Error(`Stripe waited for "${operation}" and received ${received}`);
    }
    await sleep(5);
  }
}

const FOR_BROWSERS = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "authorization, content-type",
  "access-control-allow-methods": "GET, POST",
};

function send(res: ServerResponse, { status, body, headers }: StripeAnswer): void {
  res
    .writeHead(status, { "content-type": "application/json", ...FOR_BROWSERS, ...headers })
    .end(JSON.stringify(body ?? {}));
}

function sendScript(res: ServerResponse, script: string): void {
  res.writeHead(200, { "content-type": "text/javascript", ...FOR_BROWSERS }).end(script);
}

/** The address at which a browser has reached this server. */
function addressOf({ socket }: IncomingMessage): string {
  return `http://127.0.0.1:${socket.localPort}`;
}

async function textOf(req: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of req.setEncoding("utf8")) text += part;
  return text;
}
