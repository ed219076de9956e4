import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * How the payment service signs what it tells a shop: HMAC over the body's bytes, with a secret
 * that both know.
 */
export function signatureOf(body: string, secret = "whsec_of_the_service"): string {
  return createHmac("sha256", secret).update(body).digest("hex");
}

/** Whether a signature is the service's. */
export function isSigned(body: string, signature = ""): boolean {
  const [one, other] = [Buffer.from(signatureOf(body)), Buffer.from(signature)];
  return one.length === other.length && timingSafeEqual(one, other);
}
