import { isLoopback } from "../../core/is-loopback.ts";
import type { Mailer } from "./mailer.ts";

const TIMEOUT_MS = 10_000;

/** Whether mails may be sent without TLS. A server on this machine may always go without. */
export type SmtpTls = "required" | "opportunistic" | "off";

/**
 * Creates a mailer that sends through a mail server (`smtp://user:password@host:port` or
 * `smtps://…`) over a pool of connections. `from` is the sender. Without an answer of the server
 * that `tls` allows, a mail is not sent.
 */
export async function smtpMailer(
  url: string,
  from: string,
  tls: SmtpTls,
): Promise<Mailer & { close(): void }> {
  const { createTransport } = await import("nodemailer");
  const transport = createTransport({
    ...connectionOf(new URL(url), tls),
    pool: true,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: 3 * TIMEOUT_MS,
  });
  return {
    send: async ({ to: address, id, language, ...content }) => {
      await transport.sendMail({
        from,
        // As an object it is one address, whatever characters it has.
        to: { name: "", address },
        ...(id && { messageId: `<${id}@${domainOf(from)}>` }),
        headers: {
          "Auto-Submitted": "auto-generated",
          ...(language && { "Content-Language": language }),
        },
        ...content,
      });
    },
    close: () => transport.close(),
  };
}

function domainOf(from: string): string {
  return /@([\w.-]+)/.exec(from)?.[1] ?? "localhost";
}

function connectionOf({ protocol, hostname, port, username, password }: URL, tls: SmtpTls) {
  const secure = protocol === "smtps:";
  const auth = username
    ? { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }
    : {};
  const requireTLS = tls === "required" && !secure && !isLoopback(hostname);
  const security = { secure, requireTLS, ignoreTLS: tls === "off" };
  return { host: hostname, port: Number(port || (secure ? 465 : 587)), ...security, ...auth };
}
