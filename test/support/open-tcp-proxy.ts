import { createConnection, createServer, type Socket } from "node:net";

/**
 * How a COMMIT fails: it does not reach the database, or its answer does not come back. The
 * connection is closed, or hangs.
 */
export type CommitFailure = "close before commit" | "close after commit" | "hang after commit";

/** A TCP proxy in front of a database that can fail in the middle of a COMMIT. */
export interface TcpProxy {
  /** The URL of the database through the proxy. */
  readonly url: string;
  /**
   * Settles once the next COMMIT has failed, of a transaction whose connection has sent `marker`
   * for the first time.
   */
  failNextCommit(marker: string, failure: CommitFailure): Promise<void>;
  /** Forwards nothing, with all connections left open, until called with false. */
  hold(isOn: boolean): void;
  close(): Promise<void>;
}

interface PendingFailure {
  readonly marker: string;
  readonly failure: CommitFailure;
  readonly resolve: () => void;
}

/** Opens a proxy in front of the database at `url`. */
export async function openTcpProxy(url: string): Promise<TcpProxy> {
  const connectTo = connectorOf(new URL(url));
  const sockets = new Set<Socket>();
  let pending: PendingFailure | undefined;
  let isHeld = false;
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
      if (isHeld) return;
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
      if (isHeld) return;
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
    hold: (isOn) => {
      isHeld = isOn;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/**
 * Returns a function that connects by TCP, or by the socket in the directory that the URL names as
 * its host.
 */
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
