import { RefusalError } from "../refusal-error.ts";
import type { FulfillmentProvider } from "./fulfillment-provider.ts";

/**
 * Fulfillment by hand, like Medusa's `manual` provider: accepts every option, stores whatever the
 * shopper sends, and calculates no prices.
 */
export const manualFulfillment: FulfillmentProvider = {
  id: "manual",
  pure: true,
  validateOption: () => true,
  canCalculate: () => false,
  calculatePrice: () => {
    throw new RefusalError("The manual fulfillment provider does not calculate prices");
  },
  validateFulfillmentData: ({ data }) => data,
};
