import { isDeepStrictEqual } from "node:util";
import type { CallProvider } from "../../commands/provider-calls.ts";
import { NotAllowedError, PaymentNotConfirmedError } from "../../core/errors.ts";
import type { Providers } from "../../providers/providers.ts";
import type { Cart } from "../carts/cart-tree.ts";
import type { PaymentSession } from "../payments/payment-session-queries.ts";
import { providerDataOf } from "./payment-steps.ts";

/** A provider that reports a payment. */
export interface PaymentReporter {
  readonly providerId: string;
  /** A part of the payment's data; undefined where the provider does not say which payment. */
  readonly data: Readonly<Record<string, unknown>> | undefined;
}

/** The provider that reports a payment is not the one that the shopper has selected. */
export class PaidByAnotherProviderError extends NotAllowedError {
  constructor() {
    super("The cart is paid by another payment provider");
  }
}

/**
 * Checks that a cart is going to be paid with what a provider reports. Where the provider does not
 * say which payment that is, it must confirm the selected one.
 * @throws PaidByAnotherProviderError
 * @throws PaymentNotConfirmedError
 */
export async function mustBePaidBy(
  { payment }: Providers,
  cart: Cart,
  { providerId, data: reported = {} }: PaymentReporter,
  callProvider: CallProvider,
): Promise<void> {
  const session = selectedSessionOf(cart);
  if (session?.provider_id !== providerId) throw new PaidByAnotherProviderError();
  const data = providerDataOf(session);
  const isSame = Object.entries(reported).every(([name, value]) =>
    isDeepStrictEqual(data[name], value),
  );
  if (!isSame) throw new PaidByAnotherProviderError();
  if (Object.keys(reported).length > 0) return;
  const { status } =
    Object.keys(data).length === 0
      ? { status: "pending" }
      : await callProvider(payment.get(providerId), "retrieve", { data });
  if (status !== "authorized" && status !== "captured")
    throw new PaymentNotConfirmedError(`The payment of ${cart.id} is ${status} at its provider's`);
}

/** Returns the session that a cart is going to be paid with. */
export function selectedSessionOf({ payment_sessions }: Cart): PaymentSession | undefined {
  return payment_sessions.find(({ is_selected }) => is_selected);
}
