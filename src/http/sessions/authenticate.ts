import { createHash } from "node:crypto";
import type { Request } from "express";
import jwt from "jsonwebtoken";
import type { Credential } from "../../core/request-context.ts";

/** How it is found out who is calling. */
export interface Authentication {
  /** The secrets that tokens may be signed with. */
  readonly secrets: readonly string[];
  /** Whether a credential is still good: a change of password ends those given out before. */
  readonly isCurrent: (credential: Credential) => Promise<boolean>;
}

/**
 * What tells who is logged in: the session, or else a Bearer token as Medusa signs them (`{
 * customer_id, domain: "store" }`, HS256). One that is no longer good counts as none.
 */
export async function authenticate(
  req: Request,
  { secrets, isCurrent }: Authentication,
): Promise<Credential | undefined> {
  const session = credentialOfSession(req);
  if (session && (await isCurrent(session))) return session;
  const token = credentialOfToken(req.headers.authorization, secrets);
  if (token && (await isCurrent(token))) return token;
  return;
}

function credentialOfSession({ session }: Request): Credential | undefined {
  if (!session?.customer_id) return;
  const { customer_id: customerId, password_version: passwordVersion } = session;
  return { customerId, passwordVersion, issuedAt: undefined, tokenFingerprint: undefined };
}

function credentialOfToken(
  authorization: string | undefined,
  secrets: readonly string[],
): Credential | undefined {
  // As Medusa reads it: what follows the token does not count.
  const token = /^\s*bearer\s+(\S+)/i.exec(authorization ?? "")?.[1];
  if (!token) return;
  for (const secret of secrets) {
    const claims = verified(token, secret);
    if (claims) return credentialOf(token, claims);
  }
}

function credentialOf(token: string, claims: jwt.JwtPayload): Credential | undefined {
  const {
    customer_id: customerId,
    domain,
    password_version: passwordVersion,
    iat: issuedAt,
  } = claims;
  if (domain !== "store" || typeof customerId !== "string") return;
  return {
    customerId,
    passwordVersion: typeof passwordVersion === "number" ? passwordVersion : undefined,
    issuedAt,
    tokenFingerprint: createHash("sha256").update(token).digest("base64url"),
  };
}

function verified(token: string, secret: string): jwt.JwtPayload | undefined {
  try {
    const claims = jwt.verify(token, secret, { algorithms: ["HS256"] });
    return typeof claims === "string" ? undefined : claims;
  } catch {
    return;
  }
}
