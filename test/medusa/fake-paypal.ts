import { createServer, type IncomingMessage } from "node:http";

type Money = { readonly currency_code: string; readonly value: string };

/** An order at PayPal, as far as Medusa's plugin reads one. */
export interface PaypalOrder {
  readonly id: string;
  status: "CREATED" | "APPROVED" | "COMPLETED" | "VOIDED";
  readonly purchase_units: {
    amount: Money;
    readonly custom_id?: string;
    payments?: { authorizations?: { id: string; status: string }[]; captures?: { id: string }[] };
  }[];
}

export interface FakePaypal {
  readonly port: number;
  readonly orders: Map<string, PaypalOrder>;
  /** The shopper approves the order on PayPal's page, and the browser authorizes it. */
  approve(id: string): void;
  close(): Promise<void>;
}

/** Starts a server that speaks the part of PayPal's API that Medusa's plugin uses. */
export async function startFakePaypal(): Promise<FakePaypal> {
  const orders = new Map<string, PaypalOrder>();
  const orderOf = (id = "") => orders.get(id.replace(/^auth_/, ""))!;
  const respond = (path: string, method: string, body: never): unknown => {
    if (path === "/v1/oauth2/token") return { access_token: "token" };
    const [, collection, id, action] =
      /^\/v2\/(checkout\/orders|payments\/authorizations)(?:\/(\w+))?(?:\/(\w+))?$/.exec(path) ??
      [];
    if (collection === undefined) return;
    if (id === undefined) {
      const units = (body as { purchase_units: PaypalOrder["purchase_units"] }).purchase_units;
      const order: PaypalOrder = {
        ...{ id: `PP${orders.size}`, status: "CREATED", purchase_units: units },
      };
      orders.set(order.id, order);
      return order;
    }
    const order = orderOf(id);
    if (method === "PATCH") {
      const [{ value }] = body as [{ value: { amount: Money } }];
      Object.assign(order.purchase_units[0]!, value);
    }
    if (action === "void") order.status = "VOIDED";
    return order;
  };
  const server = createServer(async (req, res) => {
    const text = await textOf(req);
    const { pathname } = new URL(req.url ?? "/", "http://paypal");
    const isForm = req.headers["content-type"]?.includes("form");
    const isKnown = isForm || req.headers.authorization === "Bearer token";
    const answer = isKnown
      ? respond(pathname, req.method ?? "GET", (isForm || !text ? {} : JSON.parse(text)) as never)
      : undefined;
    const status = isKnown ? (answer === undefined ? 404 : 200) : 401;
    res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    port: (server.address() as { port: number }).port,
    orders,
    approve: (id) => {
      const order = orderOf(id);
      order.status = "COMPLETED";
      const authorizations = [{ id: `auth_${id}`, status: "CREATED" }];
      order.purchase_units[0]!.payments = { authorizations };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function textOf(req: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of req.setEncoding("utf8")) text += part;
  return text;
}
