import { createTransport } from "nodemailer";
import type { Mailer } from "./mailer.ts";

const TIMEOUT_MS = 10_000;

/**
 * Creates a mailer that sends through a mail server (`smtp://user:password@host:port` or
 * `smtps://…`) over a pool of connections. `from` is the sender.
 */
export function smtpMailer(url: string, from: string): Mailer & { close(): void } {
  const transport = createTransport({
    ...connectionOf(new URL(url)),
    pool: true,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: 3 * TIMEOUT_MS,
  });
  return {
    send: async (mail) => {
      await transport.sendMail({ from, ...mail });
    },
    close: () => transport.close(),
  };
}

function connectionOf({ protocol, hostname, port, username, password }: URL) {
  const secure = protocol === "smtps:";
  const auth = username
    ? { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }
    : {};
  return { host: hostname, port: Number(port || (secure ? 465 : 587)), secure, ...auth };
}
