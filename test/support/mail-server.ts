import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";

/** A mail server on this machine that keeps what it is given. */
export interface MailServer {
  readonly url: string;
  /** The mails taken so far, as they came over the wire. */
  readonly mails: string[];
  /** How many of the next mails are refused for the moment. */
  refuses: number;
  close(): Promise<void>;
}

/** Opens a mail server on a free port. */
export async function openMailServer(): Promise<MailServer> {
  const mails: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    void talk(socket, taken);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const mailServer: MailServer = {
    url: `smtp://127.0.0.1:${(server.address() as { port: number }).port}`,
    mails,
    refuses: 0,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
  const taken = (mail: string): boolean => {
    if (mailServer.refuses-- > 0) return false;
    mails.push(mail);
    return true;
  };
  return mailServer;
}

/** The part of RFC 5321 that a client needs to hand over a mail. */
async function talk(socket: Socket, taken: (mail: string) => boolean): Promise<void> {
  const say = (line: string) => socket.write(`${line}\r\n`);
  let content: string[] | undefined;
  say("220 mail.test");
  for await (const line of createInterface({ input: socket })) {
    if (content && line !== ".") content.push(line.replace(/^\./, ""));
    else if (content) {
      say(taken(content.join("\n")) ? "250 taken" : "451 try again later");
      content = undefined;
    } else if (/^DATA/i.test(line)) {
      content = [];
      say("354 go on");
    } else if (/^QUIT/i.test(line)) {
      say("221 bye");
      socket.end();
    } else say("250 mail.test");
  }
}

/** The readable parts of a mail, soft line breaks and quoted characters undone. */
export function readable(mail: string): string {
  return mail
    .replaceAll("=\n", "")
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
