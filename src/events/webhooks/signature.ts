import { createHmac, randomBytes } from "node:crypto";

/** Returns a new secret that signs what a webhook is sent. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(24).toString("base64url")}`;
}

/**
 * Returns the header that signs a body, in the form of Stripe's: the time in seconds, and the
 * HMAC-SHA256 of the time, a dot and the body.
 */
export function signatureOf(body: string, secret: string, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000);
  const digest = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  return `t=${seconds},v1=${digest}`;
}
