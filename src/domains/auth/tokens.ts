import { randomUUID } from "node:crypto";
import jwt from "jsonwebtoken";

/** Claims as they were sent, once the signature holds. */
export type Claims = Readonly<Record<string, unknown>>;

const ALGORITHM = "HS256";

/**
 * Signs what shall be shown again later. `lasts` is a time such as `15m`. No two are alike, so that
 * one can go on while the other ends.
 */
export function signToken(claims: Claims, secret: string, expiresIn: "15m" | "30d"): string {
  return jwt.sign(claims, secret, { algorithm: ALGORITHM, expiresIn, jwtid: randomUUID() });
}

/**
 * What was signed with one of the secrets and is no older than a quarter of an hour; undefined for
 * everything else.
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
