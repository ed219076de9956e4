import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SmtpTls, smtpMailer } from "../../src/providers/notification/smtp-mailer.ts";
import { type MailServer, openMailServer } from "../support/mail-server.ts";

const mail = { to: "ada@example.com", subject: "Reset", text: "token", html: "token" };

describe("a mail server that offers no TLS", () => {
  let server: MailServer;
  beforeAll(async () => {
    server = await openMailServer();
  });
  afterAll(() => server.close());

  /** Sends a mail to the server under a host name. Returns how many mails it has received. */
  async function sendTo(host: string, tls: SmtpTls): Promise<number> {
    server.mails.length = 0;
    const mailer = await smtpMailer(server.url.replace("127.0.0.1", host), "shop@example.com", tls);
    try {
      await mailer.send(mail);
    } finally {
      mailer.close();
    }
    return server.mails.length;
  }

  // 0.0.0.0 reaches this machine, too, but is not known to mean it.
  it("receives nothing from another machine by default", async () => {
    await expect(sendTo("0.0.0.0", "required")).rejects.toThrow(/TLS|certificate/);
    expect(server.mails).toEqual([]);
  });

  it.each([
    ["0.0.0.0", "opportunistic"],
    ["0.0.0.0", "off"],
    ["127.0.0.1", "required"],
    ["localhost", "required"],
  ] as const)("receives mails at %s with TLS %s", async (host, tls) => {
    expect(await sendTo(host, tls)).toBe(1);
  });
});
