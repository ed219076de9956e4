import { createHash } from "node:crypto";
import type { Request } from "express";
import type { SessionData } from "express-session";
import jwt from "jsonwebtoken";
import type { Credential } from "../../core/request-context.ts";

/** How requests are authenticated. */
export interface Authentication {
  /** The secrets with which tokens may be signed. */
  readonly secrets: readonly string[];
  /** Returns whether a credential is still valid; a password change ends those issued before it. */
  readonly isCurrent: (credential: Credential) => Promise<boolean>;
}

/**
 * Returns the credential by which a customer is logged in: the session, or else a Bearer token in
 * Medusa's form (`{ customer_id, domain: "store" }`, HS256). Ignores one that is no longer valid.
 */
export async function authenticate(
  req: Request,
  { secrets, isCurrent }: Authentication,
): Promise<Credential | undefined> {
  const session = credentialOfSession(req.session);
  if (session && (await isCurrent(session))) return session;
  const token = tokenOf(req.headers.authorization);
  const claimed = token ? credentialOfToken(token, secrets) : undefined;
  if (claimed && (await isCurrent(claimed))) return claimed;
  return;
}

/** Returns who is logged in by a session. */
export function credentialOfSession(
  session: Pick<SessionData, "customer_id" | "password_version"> | undefined,
): Credential | undefined {
  if (!session?.customer_id) return;
  const { customer_id: customerId, password_version: passwordVersion } = session;
  return { customerId, passwordVersion, issuedAt: undefined, tokenFingerprint: undefined };
}

/** Returns the token of an `Authorization` header. Medusa, too, ignores what follows it. */
export function tokenOf(authorization: string | undefined): string | undefined {
  return /^\s*bearer\s+(\S+)/i.exec(authorization ?? "")?.[1];
}

/** Returns who is logged in by a token that one of the secrets has signed. */
export function credentialOfToken(
  token: string,
  secrets: readonly string[],
): Credential | undefined {
  for (const secret of secrets) {
    const claims = verifyToken(token, secret);
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

function verifyToken(token: string, secret: string): jwt.JwtPayload | undefined {
  try {
    const claims = jwt.verify(token, secret, { algorithms: ["HS256"] });
    return typeof claims === "string" ? undefined : claims;
  } catch {
    return;
  }
}
