import { once } from "node:events";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";

/** A local mail server that stores the mails it receives. */
export interface MailServer {
  /** The URL with user and password. */
  readonly url: string;
  /** The mails received so far, undecoded. */
  readonly mails: string[];
  /** How many of the next mails are rejected temporarily. */
  rejectNext: number;
  /** Whether it answers to the mails that it stores. */
  answers: boolean;
  close(): Promise<void>;
}

/** Opens a mail server on a free port. */
export async function openMailServer(): Promise<MailServer> {
  const mails: string[] = [];
  const server = new SMTPServer({
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      username === "shop" && password === "p@ss/word"
        ? done(null, { user: "shop" })
        : done(new Error("Wrong password")),
    onData: (stream, _session, done) => {
      void text(stream).then((mail) => {
        if (mailServer.rejectNext-- > 0)
          return done(Object.assign(new Error("Try again later"), { responseCode: 451 }));
        mails.push(mail.replaceAll("\r\n", "\n"));
        if (mailServer.answers) done();
      });
    },
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.server.address() as { port: number };
  const mailServer: MailServer = {
    url: `smtp://shop:p%40ss%2Fword@127.0.0.1:${port}`,
    mails,
    rejectNext: 0,
    answers: true,
    close: () => new Promise((done) => server.close(done)),
  };
  return mailServer;
}

/** Decodes the quoted-printable parts and the headers of a mail. */
export function decodeMail(mail: string): string {
  return decodeQuotedPrintable(
    mail
      .replaceAll(/\?=\n\s+=\?/g, "?= =?")
      .replaceAll(/=\?UTF-8\?Q\?(.*?)\?=(?: (?==\?))?/gi, (_, word: string) =>
        word.replaceAll("_", " "),
      )
      .replaceAll(/=\?UTF-8\?B\?(.*?)\?=(?: (?==\?))?/gi, (_, word: string) =>
        Buffer.from(word, "base64").toString("utf8"),
      ),
  );
}

function decodeQuotedPrintable(text: string): string {
  return text
    .replaceAll("=\n", "")
    .replaceAll(/(?:=[0-9A-F]{2})+/g, (bytes) =>
      Buffer.from(bytes.replaceAll("=", ""), "hex").toString("utf8"),
    );
}
