import { createConnection, createServer, type Socket } from "node:net";

/** What becomes of a COMMIT: it is not passed on, or it is but its answer is not; the connection ends, or nothing more is heard on it. */
export type Fate = "cut before" | "cut after" | "hold after";

/** A way to a test's database that can end in the middle of a COMMIT. */
export interface DatabaseGate {
  /** The database's address through the gate. */
  readonly url: string;
  /** Settles once the next COMMIT of a transaction in which `words` were sent for the first time on its connection has met its fate. */
  meet(words: string, fate: Fate): Promise<void>;
  close(): Promise<void>;
}

interface Meeting {
  readonly words: string;
  readonly fate: Fate;
  readonly met: () => void;
}

/** Opens a gate to the database at `url`. */
export async function openDatabaseGate(url: string): Promise<DatabaseGate> {
  const connectTo = connectorOf(new URL(url));
  const sockets = new Set<Socket>();
  let meeting: Meeting | undefined;
  const server = createServer((client) => {
    const database = connectTo();
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
    }
    let words = false;
    let fate: Fate | undefined;
    const end = () => {
      client.destroy();
      database.destroy();
    };
    client.on("data", (sent) => {
      words ||= meeting !== undefined && sent.includes(meeting.words);
      if (words && meeting && sent.includes("COMMIT;")) {
        fate = meeting.fate;
        if (fate === "cut before") {
          meeting.met();
          meeting = undefined;
          end();
          return;
        }
      }
      database.write(sent);
    });
    database.on("data", (answer) => {
      if (!fate) {
        client.write(answer);
        return;
      }
      meeting?.met();
      meeting = undefined;
      if (fate === "cut after") end();
    });
    client.on("close", () => database.destroy());
    database.on("close", () => client.destroy());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const through = new URL(url);
  through.searchParams.delete("host");
  through.searchParams.delete("port");
  through.host = `127.0.0.1:${(server.address() as { port: number }).port}`;
  return {
    url: through.href,
    meet: (words, fate) =>
      new Promise((met) => {
        meeting = { words, fate, met };
      }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** By TCP, or by the socket in a directory that the address names as its host. */
function connectorOf({ hostname, port, searchParams }: URL): () => Socket {
  const [host, number] = [searchParams.get("host") ?? hostname, Number(searchParams.get("port") ?? (port || 5432))];
  return () => (host.startsWith("/") ? createConnection(`${host}/.s.PGSQL.${number}`) : createConnection(number, host));
}
