/**
 * The types of a shop's own providers (`PROVIDERS`):
 *
 *     import type { PaymentProvider } from "nettle-store-api/providers";
 *     export const payment: PaymentProvider = { id: "bank", … };
 */
export type { ContractSupport } from "./contract/contract-support.ts";
export type {
  FulfillmentCart,
  FulfillmentChoice,
  FulfillmentItem,
  FulfillmentProvider,
  FulfillmentReturn,
} from "./fulfillment/fulfillment-provider.ts";
export type { ProviderAddress, ProviderCustomer } from "./parties.ts";
export type {
  PaymentAnswer,
  PaymentProvider,
  PaymentQuestion,
  PaymentState,
  PaymentStatus,
  PaymentStep,
  RetrievedPayment,
  WebhookCall,
  WebhookEvent,
} from "./payment/payment-provider.ts";
export type { ProviderContext } from "./provider-kind.ts";
export type {
  TaxedItem,
  TaxedShipping,
  TaxLine,
  TaxProvider,
  TaxQuestion,
  TaxRate,
} from "./tax/tax-provider.ts";
