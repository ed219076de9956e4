import { randomUUID } from "node:crypto";
import jwt from "jsonwebtoken";

/** The claims of a token whose signature was verified. */
export type Claims = Readonly<Record<string, unknown>>;

const ALGORITHM = "HS256";

/**
 * Returns a signed token. `expiresIn` is its lifetime. Each token is unique, so that one can stay
 * valid while another is invalidated.
 */
export function signToken(claims: Claims, secret: string, expiresIn: "15m" | "30d"): string {
  return jwt.sign(claims, secret, { algorithm: ALGORITHM, expiresIn, jwtid: randomUUID() });
}

/**
 * Returns the claims of a token that was signed with one of the secrets at most 15 minutes ago;
 * undefined for any other token.
 */
export function readFreshToken(token: string, secrets: readonly string[]): Claims | undefined {
  for (const secret of secrets) {
    try {
      const claims = jwt.verify(token, secret, { algorithms: [ALGORITHM], maxAge: "15m" });
      if (typeof claims === "object") return claims;
    } catch {}
  }
  return;
}
