import { entity, many, one, through } from "../entity.ts";

export const region = entity("region", {
  columns: {
    id: "text",
    name: "text",
    currency_code: "text",
    tax_rate: "number",
    tax_code: "text?",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
    gift_cards_taxable: "boolean",
    automatic_taxes: "boolean",
    tax_provider_id: "text?",
    includes_tax: "boolean",
  },
  relations: {
    currency: one("currency", "currency_code", { to: "code" }),
    countries: many("country", "region_id"),
    tax_rates: many("tax_rate", "region_id"),
    payment_providers: through(
      "payment_provider",
      "region_payment_providers",
      "region_id",
      "provider_id",
    ),
    fulfillment_providers: through(
      "fulfillment_provider",
      "region_fulfillment_providers",
      "region_id",
      "provider_id",
    ),
    tax_provider: one("tax_provider", "tax_provider_id"),
  },
});

export const country = entity("country", {
  columns: {
    id: "integer",
    iso_2: "text",
    iso_3: "text",
    num_code: "integer",
    name: "text",
    display_name: "text",
    region_id: "text?",
  },
});

export const currency = entity("currency", {
  columns: {
    code: "text",
    symbol: "text",
    symbol_native: "text",
    name: "text",
    includes_tax: "boolean",
  },
});

export const taxRate = entity("tax_rate", {
  columns: {
    id: "text",
    rate: "number?",
    code: "text?",
    name: "text",
    region_id: "text",
    created_at: "time",
    updated_at: "time",
    metadata: "json?",
  },
});

export const taxProvider = entity("tax_provider", {
  columns: {
    id: "text",
    is_installed: "boolean",
  },
});

export const paymentProvider = entity("payment_provider", {
  columns: {
    id: "text",
    is_installed: "boolean",
  },
});

export const fulfillmentProvider = entity("fulfillment_provider", {
  columns: {
    id: "text",
    is_installed: "boolean",
  },
});

export const regionEntities = [
  region,
  country,
  currency,
  taxRate,
  taxProvider,
  paymentProvider,
  fulfillmentProvider,
] as const;
