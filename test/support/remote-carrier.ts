import { setTimeout as sleep } from "node:timers/promises";
import type { FulfillmentProvider } from "../../src/providers/fulfillment/fulfillment-provider.ts";

/** Returns a carrier that needs time for each answer, and charges by weight. */
export function remoteCarrier(): FulfillmentProvider {
  return {
    id: "remote-carrier",
    validateOption: () => true,
    canCalculate: () => true,
    calculatePrice: async ({ cart }) => {
      await sleep(20);
      return cart.items.reduce((sum, { weight, quantity }) => sum + (weight ?? 0) * quantity, 0);
    },
    validateFulfillmentData: async ({ data }) => ({ ...data, checked: true }),
  };
}
