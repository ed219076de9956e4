import { createConnection, createServer, type Socket } from "node:net";

/**
 * What becomes of a COMMIT: it is not passed on, or it is but its answer is not; the connection
 * ends, or nothing more is heard on it.
 */
export type CommitFailure = "close before commit" | "close after commit" | "hang after commit";

/** A way to a test's database that can end in the middle of a COMMIT. */
export interface TcpProxy {
  /** The database's address through the gate. */
  readonly url: string;
  /**
   * Settles once the next COMMIT of a transaction in which `words` were sent for the first time on
   * its connection has met its fate.
   */
  failNextCommit(marker: string, failure: CommitFailure): Promise<void>;
  close(): Promise<void>;
}

interface PendingFailure {
  readonly marker: string;
  readonly failure: CommitFailure;
  readonly resolve: () => void;
}

/** Opens a gate to the database at `url`. */
export async function openTcpProxy(url: string): Promise<TcpProxy> {
  const connectTo = connectorOf(new URL(url));
  const sockets = new Set<Socket>();
  let pending: PendingFailure | undefined;
  const server = createServer((client) => {
    const database = connectTo();
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
    }
    let sawMarker = false;
    let failure: CommitFailure | undefined;
    const destroyBoth = () => {
      client.destroy();
      database.destroy();
    };
    client.on("data", (chunk) => {
      sawMarker ||= pending !== undefined && chunk.includes(pending.marker);
      if (sawMarker && pending && chunk.includes("COMMIT;")) {
        failure = pending.failure;
        if (failure === "close before commit") {
          pending.resolve();
          pending = undefined;
          destroyBoth();
          return;
        }
      }
      database.write(chunk);
    });
    database.on("data", (answer) => {
      if (!failure) {
        client.write(answer);
        return;
      }
      pending?.resolve();
      pending = undefined;
      if (failure === "close after commit") destroyBoth();
    });
    client.on("close", () => database.destroy());
    database.on("close", () => client.destroy());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const proxiedUrl = new URL(url);
  proxiedUrl.searchParams.delete("host");
  proxiedUrl.searchParams.delete("port");
  proxiedUrl.host = `127.0.0.1:${(server.address() as { port: number }).port}`;
  return {
    url: proxiedUrl.href,
    failNextCommit: (marker, failure) =>
      new Promise((resolve) => {
        pending = { marker, failure, resolve };
      }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** By TCP, or by the socket in a directory that the address names as its host. */
function connectorOf({ hostname, port, searchParams }: URL): () => Socket {
  const [host, number] = [
    searchParams.get("host") ?? hostname,
    Number(searchParams.get("port") ?? (port || 5432)),
  ];
  return () =>
    host.startsWith("/")
      ? createConnection(`${host}/.s.PGSQL.${number}`)
      : createConnection(number, host);
}
