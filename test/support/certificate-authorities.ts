/**
 * Returns the settings by which an npm without the rest of this environment trusts the authorities
 * that this machine trusts, such as a proxy's.
 */
export function certificateAuthorities(): Record<string, string> {
  const file = process.env["NODE_EXTRA_CA_CERTS"];
  return { NODE_USE_SYSTEM_CA: "1", ...(file && { NODE_EXTRA_CA_CERTS: file }) };
}
