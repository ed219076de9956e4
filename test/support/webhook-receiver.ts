import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

/** A request that the receiver got. */
export interface ReceivedWebhook {
  readonly headers: IncomingHttpHeaders;
  readonly path: string;
  readonly body: string;
}

/** A server that receives webhooks. */
export interface WebhookReceiver {
  readonly port: number;
  /** What it has received so far. */
  readonly received: ReceivedWebhook[];
  /** How it answers. At first with 204. */
  answer: (response: ServerResponse) => void;
  close(): Promise<void>;
}

/** Opens a receiver on a free port of 127.0.0.1. */
export async function openWebhookReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    received.push({ headers: request.headers, path: request.url ?? "", body });
    receiver.answer(response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const receiver: WebhookReceiver = {
    port: (server.address() as { port: number }).port,
    received,
    answer: (response) => void response.writeHead(204).end(),
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
  return receiver;
}
