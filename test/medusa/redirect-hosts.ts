import http, { type RequestOptions } from "node:http";
import https from "node:https";

/**
 * Sends this process's requests for named hosts to ports of this machine: plugins name the hosts of
 * their payment companies themselves. A request for any other host fails. Returns the function that
 * ends it.
 */
export function redirectHosts(ports: Readonly<Record<string, number>>): () => void {
  const { request } = https;
  const redirected = (...given: unknown[]): http.ClientRequest => {
    const options = given.find((one) => typeof one === "object" && one !== null) as RequestOptions;
    const host = String(options.hostname ?? options.host).replace(/:\d+$/, "");
    const port = ports[host];
    if (port === undefined) throw new Error(`A test may not talk to ${host}`);
    const callback = given.find((one) => typeof one === "function") as
      | ((res: http.IncomingMessage) => void)
      | undefined;
    const { agent: _, protocol: __, ...rest } = options;
    const local = { ...rest, host: "127.0.0.1", hostname: "127.0.0.1", port };
    const req = http.request(local, callback);
    // Stripe's library writes once the connection is secure.
    req.once("socket", (socket) => {
      if (socket.connecting) socket.once("connect", () => socket.emit("secureConnect"));
    });
    return req;
  };
  https.request = redirected as typeof https.request;
  return () => {
    https.request = request;
  };
}
