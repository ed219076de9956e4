import { createHmac, timingSafeEqual } from "node:crypto";

/** Signs a webhook of the fake payment provider: HMAC of the body, with a shared secret. */
export function signatureOf(body: string, secret = "webhook-secret"): string {
  return createHmac("sha256", secret).update(body).digest("hex");
}

/** Checks the signature of a webhook. */
export function isSigned(body: string, signature = ""): boolean {
  const [one, other] = [Buffer.from(signatureOf(body)), Buffer.from(signature)];
  return one.length === other.length && timingSafeEqual(one, other);
}
