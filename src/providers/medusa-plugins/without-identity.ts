type Json = Readonly<Record<string, unknown>>;

const IDENTITY = new Set(["id", "amount", "currency", "currency_code", "customer", "customer_id"]);

/** Returns what a storefront posts without what names a payment, a customer or an amount. */
export function withoutIdentity(posted: Json): Json {
  return Object.fromEntries(Object.entries(posted).filter(([key]) => !IDENTITY.has(key)));
}
