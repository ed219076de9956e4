import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * Returns the id of the session whose signed cookie a `Cookie` header has, in the form of
 * express-session; undefined if none of the secrets has signed it, or several have the name.
 */
export function sessionIdOf(
  header: string,
  { name, secrets }: { readonly name: string; readonly secrets: readonly string[] },
): string | undefined {
  const values = header
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`));
  if (values.length !== 1) return;
  const value = decoded(values[0]!.slice(name.length + 1));
  const [, id, signature] = /^s:([^.]+)\.([\w+/]+)$/.exec(value) ?? [];
  if (!id || !signature) return;
  return secrets.some((secret) => isSignedBy(id, signature, secret)) ? id : undefined;
}

function isSignedBy(id: string, signature: string, secret: string): boolean {
  const expected = createHmac("sha256", secret).update(id).digest("base64").replace(/=+$/, "");
  const [one, other] = [Buffer.from(signature), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return "";
  }
}
