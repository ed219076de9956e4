import type { Request } from "express";
import jwt from "jsonwebtoken";

/**
 * The customer who is logged in: by session, or else by a Bearer token as Medusa signs them (`{ customer_id, domain: "store" }`, HS256). A bad
 * token counts as none.
 */
export function authenticate(req: Request, secrets: readonly string[]): string | undefined {
  return req.session?.customer_id ?? customerOfToken(req.headers.authorization, secrets);
}

function customerOfToken(authorization: string | undefined, secrets: readonly string[]): string | undefined {
  const token = /^bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1];
  if (!token) return;
  for (const secret of secrets) {
    const claims = verified(token, secret);
    if (claims)
      return claims["domain"] === "store" && typeof claims["customer_id"] === "string" ? claims["customer_id"] : undefined;
  }
}

function verified(token: string, secret: string): jwt.JwtPayload | undefined {
  try {
    const claims = jwt.verify(token, secret, { algorithms: ["HS256"] });
    return typeof claims === "string" ? undefined : claims;
  } catch {
    return;
  }
}
