import { type Entity, entity, many, one, oneOf, through } from "../entity.ts";

/** As they were made; what was made together, by id. */
const creation = [{ column: "created_at" }, { column: "id" }];

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
    requirements: many("shipping_option_requirement", "shipping_option_id", { order: [{ column: "id" }] }),
    tax_rates: through("tax_rate", "shipping_tax_rate", "shipping_option_id", "rate_id", { order: creation }),
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
});

export const returnReason = entity("return_reason", {
  columns: {
    id: "text",
    value: "text",
    label: "text",
    description: "text?",
    parent_return_reason_id: "text?",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
  },
  relations: {
    parent_return_reason: one("return_reason", "parent_return_reason_id"),
    return_reason_children: many("return_reason", "parent_return_reason_id", { order: creation }),
  },
});

export const fulfillmentEntities: readonly Entity[] = [shippingOption, shippingOptionRequirement, returnReason];
