import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { pipeline } from "node:stream";

/**
 * Returns the server's URL for programs that cannot connect to a Unix socket, like Medusa's
 * modules. If the URL names a socket, a TCP port forwards to it until `close`.
 */
export async function exposeOverTcp(server: string): Promise<{ url: string; close: () => void }> {
  const { searchParams, username, password, pathname } = new URL(server);
  const folder = searchParams.get("host");
  if (!folder?.startsWith("/")) return { url: server, close: () => undefined };
  const path = `${folder}/.s.PGSQL.${searchParams.get("port")}`;
  const proxy = createServer((client) => {
    const upstream = connect(path);
    pipeline(client, upstream, () => undefined);
    pipeline(upstream, client, () => undefined);
  });
  await once(proxy.listen(0, "127.0.0.1"), "listening");
  const credentials = password ? `${username}:${password}` : username;
  const { port } = proxy.address() as AddressInfo;
  return {
    url: `postgres://${credentials}@127.0.0.1:${port}${pathname}`,
    close: () => proxy.close(),
  };
}
