import dns from "node:dns/promises";
import https, { createServer, type RequestOptions, type Server } from "node:https";
import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { postWebhook } from "../../src/events/webhooks/post-webhook.ts";
import { makeCertificate } from "../support/test-certificate.ts";

const lookup = vi.spyOn(dns, "lookup");
/** The certificates that this process trusts, as if authorities had issued them. */
let trusted: string[] = [];
const { request } = https;
vi.spyOn(https, "request").mockImplementation(((options: RequestOptions) =>
  request({ ...options, ca: trusted })) as typeof request);
afterAll(() => vi.restoreAllMocks());

const certificate = makeCertificate("erp.example");
const another = makeCertificate("another.example");

describe("a webhook by https", () => {
  const received: { readonly name: unknown; readonly host: string | undefined }[] = [];
  const servers: Server[] = [];
  const open = async (options: object) => {
    const server = createServer(options, ({ socket, headers }, response) => {
      received.push({ name: (socket as TLSSocket).servername, host: headers.host });
      response.writeHead(204).end();
    });
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return (server.address() as { port: number }).port;
  };
  let port: number;
  let portOfAnother: number;
  beforeAll(async () => {
    port = await open(certificate);
    portOfAnother = await open(another);
  });
  afterAll(() => {
    for (const server of servers) server.close();
  });
  beforeEach(() => {
    received.length = 0;
    trusted = [certificate.cert, another.cert];
    lookup.mockReset();
    lookup.mockResolvedValue([{ address: "127.0.0.1" }] as never);
  });

  const post = (url: string) =>
    postWebhook({
      ...{ url, body: "{}", headers: {}, networks: ["127.0.0.1"] },
      signal: AbortSignal.timeout(10_000),
    });

  it("is not sent where the certificate is another name's", async () => {
    await expect(post(`https://erp.example:${portOfAnother}/`)).rejects.toMatchObject({
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
      message: expect.stringContaining("erp.example. is not in the cert's altnames"),
    });
    expect(received).toEqual([]);
  });

  it("is not sent where nobody has issued the certificate", async () => {
    trusted = [another.cert];
    await expect(post(`https://erp.example:${port}/`)).rejects.toMatchObject({
      code: "DEPTH_ZERO_SELF_SIGNED_CERT",
    });
    expect(received).toEqual([]);
  });

  it("is not sent to an address whose certificate is a name's", async () => {
    await expect(post(`https://127.0.0.1:${port}/`)).rejects.toMatchObject({
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
    expect(received).toEqual([]);
  });

  it("goes to the address that was checked, and asks there for the name", async () => {
    lookup
      .mockResolvedValueOnce([{ address: "127.0.0.1" }] as never)
      .mockResolvedValue([{ address: "10.0.0.1" }] as never);
    await post(`https://erp.example:${port}/hooks`);
    expect(received).toEqual([{ name: "erp.example", host: `erp.example:${port}` }]);
    expect(lookup).toHaveBeenCalledTimes(1);
  });
});
