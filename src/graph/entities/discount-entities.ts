import { entity, many, one, oneOf, oneOfOrNull, through } from "../entity.ts";
import { creation } from "../row-order.ts";

export const discount = entity("discount", {
  columns: {
    id: "text",
    code: "text",
    is_dynamic: "boolean",
    rule_id: "text?",
    is_disabled: "boolean",
    parent_discount_id: "text?",
    starts_at: "time",
    ends_at: "time?",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
    usage_limit: "integer?",
    usage_count: "integer",
    valid_duration: "text?",
  },
  relations: {
    rule: one("discount_rule", "rule_id"),
    parent_discount: one("discount", "parent_discount_id"),
    regions: through("region", "discount_regions", "discount_id", "region_id"),
  },
});

export const discountRule = entity("discount_rule", {
  columns: {
    id: "text",
    description: "text?",
    type: oneOf("fixed", "percentage", "free_shipping"),
    value: "integer",
    allocation: oneOfOrNull("total", "item"),
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
  },
  relations: {
    conditions: many("discount_condition", "discount_rule_id", { order: creation }),
  },
});

export const discountCondition = entity("discount_condition", {
  columns: {
    id: "text",
    type: oneOf(
      "products",
      "product_types",
      "product_collections",
      "product_tags",
      "customer_groups",
    ),
    operator: oneOf("in", "not_in"),
    discount_rule_id: "text",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
  },
  relations: {
    discount_rule: one("discount_rule", "discount_rule_id"),
    products: through("product", "discount_condition_product", "condition_id", "product_id"),
    product_types: through(
      "product_type",
      "discount_condition_product_type",
      "condition_id",
      "product_type_id",
    ),
    product_tags: through(
      "product_tag",
      "discount_condition_product_tag",
      "condition_id",
      "product_tag_id",
    ),
    product_collections: through(
      "product_collection",
      "discount_condition_product_collection",
      "condition_id",
      "product_collection_id",
    ),
    customer_groups: through(
      "customer_group",
      "discount_condition_customer_group",
      "condition_id",
      "customer_group_id",
    ),
  },
});

/**
 * A gift card. The order that it was bought in is not a relation: a person who knows the card's
 * code may not read the buyer's order through it.
 */
export const giftCard = entity("gift_card", {
  columns: {
    id: "text",
    code: "text",
    value: "integer",
    balance: "integer",
    region_id: "text",
    order_id: "text?",
    is_disabled: "boolean",
    ends_at: "time?",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
    tax_rate: "number?",
  },
  relations: {
    region: one("region", "region_id"),
  },
});

export const giftCardTransaction = entity("gift_card_transaction", {
  columns: {
    id: "text",
    gift_card_id: "text",
    order_id: "text",
    amount: "integer",
    created_at: "time",
    is_taxable: "boolean?",
    tax_rate: "number?",
  },
  relations: {
    gift_card: one("gift_card", "gift_card_id"),
    order: one("order", "order_id"),
  },
});

export const discountEntities = [
  discount,
  discountRule,
  discountCondition,
  giftCard,
  giftCardTransaction,
] as const;
