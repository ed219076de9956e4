import type { PaymentProvider, PaymentState } from "./payment-provider.ts";

/**
 * The money comes by another way (an invoice, cash on delivery), as with Medusa's `manual`: every
 * step succeeds, and only its name is remembered.
 */
export const manualPayment: PaymentProvider = {
  id: "manual",
  pure: true,
  initiate: () => ({ data: { status: "pending" } }),
  update: ({ data }) => ({ data }),
  updateData: ({ data, posted }) => ({ data: { ...data, ...objectIn(posted["data"]) } }),
  authorize: () => ({ status: "authorized", data: { status: "authorized" } }),
  capture: () => ({ data: { status: "captured" } }),
  cancel: () => ({ data: { status: "canceled" } }),
  refund: ({ data }) => ({ data }),
  delete: () => undefined,
  retrieve: ({ data }) => ({
    status: (data["status"] as PaymentState | undefined) ?? "pending",
    data,
  }),
};

/** Only what the storefront wraps in `data` once more is kept. */
function objectIn(value: unknown): object {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
