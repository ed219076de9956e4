import { entity, one, oneOf, through } from "../entity.ts";

export const moneyAmount = entity("money_amount", {
  columns: {
    id: "text",
    currency_code: "text",
    amount: "integer",
    region_id: "text?",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    min_quantity: "integer?",
    max_quantity: "integer?",
    price_list_id: "text?",
  },
  computed: { variant_id: "text" },
  relations: {
    currency: one("currency", "currency_code", { to: "code" }),
    region: one("region", "region_id"),
    price_list: one("price_list", "price_list_id"),
  },
});

export const priceList = entity("price_list", {
  columns: {
    id: "text",
    name: "text",
    description: "text",
    type: oneOf("sale", "override"),
    status: oneOf("active", "draft"),
    starts_at: "time?",
    ends_at: "time?",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    includes_tax: "boolean",
  },
  relations: {
    customer_groups: through(
      "customer_group",
      "price_list_customer_groups",
      "price_list_id",
      "customer_group_id",
      {
        withDeleted: true,
      },
    ),
  },
});
