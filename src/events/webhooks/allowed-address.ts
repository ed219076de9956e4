import dns from "node:dns/promises";
import { BlockList, isIP } from "node:net";

/** An address that a webhook must not be sent to. */
export class ForbiddenAddressError extends Error {}

/** Networks of IPv4 that are not on the Internet: private, local, for tests, multicast. */
const NOT_PUBLIC_V4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
];
/** The only part of IPv6 that is on the Internet, and what is inside it and is not, or is IPv4. */
const PUBLIC_V6 = ["2000::/3"];
const NOT_PUBLIC_V6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

const notPublic = blockListOf([...NOT_PUBLIC_V4, ...NOT_PUBLIC_V6]);
const publicV6 = blockListOf(PUBLIC_V6);

/** Returns a list of IP addresses and networks. */
export function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [ip = "", bits] = network.split("/");
    const family = familyOf(ip);
    if (bits === undefined) list.addAddress(ip, family);
    else list.addSubnet(ip, Number(bits), family);
  }
  return list;
}

function familyOf(ip: string): "ipv4" | "ipv6" {
  return isIP(ip) === 4 ? "ipv4" : "ipv6";
}

/** Returns whether an IP address is on the Internet. */
export function isPublic(ip: string): boolean {
  if (isIP(ip) === 4) return !notPublic.check(ip, "ipv4");
  // Others are local, or stand for an address of IPv4 (::ffff:10.0.0.1).
  return publicV6.check(ip, "ipv6") && !notPublic.check(ip, "ipv6");
}

/**
 * Resolves the host of a URL once, and returns the IP address to connect to. It must be on the
 * Internet, or in one of the networks that the shop allows; the latter only may be without TLS.
 * @throws ForbiddenAddressError if one of the host's addresses is neither
 * @throws Error if the name does not resolve
 */
export async function requireAllowedAddress(
  url: URL,
  networks: readonly string[],
): Promise<string> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const found = isIP(host) ? [{ address: host }] : await dns.lookup(host, { all: true });
  const allowed = blockListOf(networks);
  for (const { address } of found) {
    if (allowed.check(address, familyOf(address))) continue;
    if (!isPublic(address))
      throw new ForbiddenAddressError(
        `${host} is at ${address}, which is not on the Internet and not in WEBHOOK_NETWORKS`,
      );
    if (url.protocol !== "https:")
      throw new ForbiddenAddressError("Events are sent over the Internet by https only");
  }
  const [first] = found;
  if (!first) throw new Error(`${host} has no address`);
  return first.address;
}
