import type { PaymentProvider, PaymentState } from "./payment-provider.ts";

/**
 * Payment outside the shop (an invoice, cash on delivery), like Medusa's `manual` provider: every
 * step succeeds, and only the step's name is stored.
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

/** Only what the storefront nests in a second `data` is stored. */
function objectIn(value: unknown): object {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
