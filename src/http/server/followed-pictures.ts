import type { IncomingMessage } from "node:http";
import { reachedAddress, type TrustProxy } from "./reached-address.ts";

/** Where the pictures of the demo shop are served. */
const PATH = "/demo/pictures/";

type Asked = Pick<IncomingMessage, "headers" | "socket">;

/**
 * Lets the addresses of the demo shop's pictures follow the address at which a client reached the
 * server: its rows name one address, but a phone in the same network uses another one.
 */
export class FollowedPictures {
  /** @param address with which the addresses in the database begin, without a trailing slash */
  constructor(private readonly address: string) {}

  /** Returns the address that a client's pictures begin with; undefined for that in the rows. */
  addressFor(req: Asked, trustProxy: TrustProxy): string | undefined {
    const reached = reachedAddress(req, trustProxy);
    return reached === this.address ? undefined : reached;
  }

  /** Returns JSON in which the pictures begin with an address. */
  at(address: string | undefined, json: string): string {
    if (address === undefined) return json;
    return json.replaceAll(`"${this.address}${PATH}`, `"${address}${PATH}`);
  }
}
