import { entity, many, one, oneOf, through } from "../entity.ts";
import { byId, creation } from "../row-order.ts";

export const shippingOption = entity("shipping_option", {
  columns: {
    id: "text",
    name: "text",
    region_id: "text",
    profile_id: "text",
    provider_id: "text",
    price_type: oneOf("flat_rate", "calculated"),
    amount: "integer?",
    is_return: "boolean",
    data: "json",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
    admin_only: "boolean",
    includes_tax: "boolean",
  },
  computed: { price_incl_tax: "integer", tax_amount: "integer" },
  relations: {
    region: one("region", "region_id"),
    profile: one("shipping_profile", "profile_id"),
    provider: one("fulfillment_provider", "provider_id"),
    requirements: many("shipping_option_requirement", "shipping_option_id", { order: byId }),
    tax_rates: through("tax_rate", "shipping_tax_rate", "shipping_option_id", "rate_id", {
      order: creation,
    }),
  },
});

export const shippingOptionRequirement = entity("shipping_option_requirement", {
  columns: {
    id: "text",
    shipping_option_id: "text",
    type: oneOf("min_subtotal", "max_subtotal"),
    amount: "integer",
    deleted_at: "time?",
  },
  relations: {
    shipping_option: one("shipping_option", "shipping_option_id"),
  },
});

export const shippingEntities = [shippingOption, shippingOptionRequirement] as const;
