import type { ApiClient } from "../support/api-client.ts";

/** Completes a cart and returns its order. */
export async function completeCart(
  shopper: ApiClient,
  cartId: string,
  headers: Readonly<Record<string, string>> = {},
) {
  const { status, body, text } = await shopper.post(`/store/carts/${cartId}/complete`, {}, headers);
  if (status !== 200 || body.type !== "order") throw new Error(`No order: ${status} ${text}`);
  return body.data;
}
