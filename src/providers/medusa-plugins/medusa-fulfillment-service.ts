import type { FulfillmentCart, FulfillmentProvider } from "../fulfillment/fulfillment-provider.ts";

type Json = Readonly<Record<string, unknown>>;

/** A fulfillment service of a Medusa plugin (`AbstractFulfillmentService`, or the older base). */
export interface MedusaFulfillmentService {
  validateFulfillmentData(option: Json, data: Json, cart: Json): Promise<Json>;
  calculatePrice(option: Json, data: Json, cart: Json): Promise<number>;
  validateOption?(data: Json): Promise<boolean>;
  canCalculate?(data: Json): Promise<boolean>;
  createReturn?(returned: Json): Promise<Json>;
}

/** Returns a fulfillment provider that asks a fulfillment service of a Medusa plugin. */
export function medusaFulfillmentService(
  id: string,
  service: MedusaFulfillmentService,
): FulfillmentProvider {
  return {
    id,
    calculatePrice: async ({ option, data, cart }) =>
      Math.round(await service.calculatePrice(option.data, data, toMedusaCart(cart))),
    validateFulfillmentData: ({ option, data, cart }) =>
      service.validateFulfillmentData(option.data, data, toMedusaCart(cart)),
    ...(service.validateOption
      ? { validateOption: async ({ data }) => Boolean(await service.validateOption?.(data)) }
      : {}),
    ...(service.canCalculate
      ? { canCalculate: async ({ data }) => Boolean(await service.canCalculate?.(data)) }
      : {}),
    ...(service.createReturn
      ? {
          createReturn: async ({ option, data, cart, return_id }) =>
            (await service.createReturn?.({
              id: return_id,
              ...{ items: toMedusaCart(cart)["items"], shipping_data: data },
              shipping_method: { shipping_option: option, data },
            })) ?? {},
        }
      : {}),
  };
}

/** Returns a cart in Medusa's shape, as far as a carrier needs it. */
function toMedusaCart({ items, currency_code, ...cart }: FulfillmentCart): Json {
  return {
    ...cart,
    region: { id: cart.region_id, currency_code },
    items: items.map(({ item_id, weight, length, height, width, ...item }) => ({
      ...item,
      id: item_id,
      variant: {
        id: item.variant_id,
        product_id: item.product_id,
        ...{ weight, length, height, width },
      },
    })),
  };
}
