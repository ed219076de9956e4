import { RefusalError } from "../refusal-error.ts";
import type { FulfillmentProvider } from "./fulfillment-provider.ts";

/**
 * Somebody packs and sends by hand, as with Medusa's `manual`: every option will do, whatever the
 * shopper sends is kept, and nothing is calculated.
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
