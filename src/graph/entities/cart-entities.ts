import { entity, many, one, oneOf, type Tree, through } from "../entity.ts";
import { byId, creation } from "../row-order.ts";
import { cartTotals, lineTotals, shippingMethodTotals } from "./totals-columns.ts";

export const cart = entity("cart", {
  columns: {
    id: "text",
    email: "text?",
    billing_address_id: "text?",
    shipping_address_id: "text?",
    region_id: "text",
    customer_id: "text?",
    payment_id: "text?",
    type: oneOf("default", "swap", "draft_order", "payment_link", "claim"),
    completed_at: "time?",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
    idempotency_key: "text?",
    context: "json?",
    payment_authorized_at: "time?",
    sales_channel_id: "text?",
  },
  computed: { object: "text", payment_session: "json", ...cartTotals },
  derive: ({ payment_sessions: sessions }) => ({
    object: "cart",
    ...(Array.isArray(sessions) ? { payment_session: sessions.find(isSelected) } : {}),
  }),
  relations: {
    billing_address: one("address", "billing_address_id", { withDeleted: true }),
    shipping_address: one("address", "shipping_address_id", { withDeleted: true }),
    items: many("line_item", "cart_id", { order: creation }),
    region: one("region", "region_id"),
    discounts: through("discount", "cart_discounts", "cart_id", "discount_id", { order: creation }),
    gift_cards: through("gift_card", "cart_gift_cards", "cart_id", "gift_card_id", {
      order: creation,
    }),
    custom_shipping_options: many("custom_shipping_option", "cart_id", {
      order: creation,
    }),
    customer: one("customer", "customer_id"),
    payment_sessions: many("payment_session", "cart_id", { order: creation }),
    payment: one("payment", "payment_id"),
    shipping_methods: many("shipping_method", "cart_id", { order: byId }),
    sales_channel: one("sales_channel", "sales_channel_id"),
  },
});

export const lineItem = entity("line_item", {
  columns: {
    id: "text",
    cart_id: "text?",
    order_id: "text?",
    swap_id: "text?",
    title: "text",
    description: "text?",
    thumbnail: "text?",
    is_giftcard: "boolean",
    should_merge: "boolean",
    allow_discounts: "boolean",
    has_shipping: "boolean?",
    unit_price: "integer",
    variant_id: "text?",
    quantity: "integer",
    fulfilled_quantity: "integer?",
    returned_quantity: "integer?",
    shipped_quantity: "integer?",
    created_at: "time",
    updated_at: "time",
    metadata: "json?",
    claim_order_id: "text?",
    is_return: "boolean",
    includes_tax: "boolean",
    original_item_id: "text?",
    order_edit_id: "text?",
  },
  computed: { ...lineTotals },
  relations: {
    cart: one("cart", "cart_id"),
    order: one("order", "order_id"),
    swap: one("swap", "swap_id"),
    claim_order: one("claim_order", "claim_order_id"),
    order_edit: one("order_edit", "order_edit_id"),
    tax_lines: many("line_item_tax_line", "item_id", { order: byId }),
    adjustments: many("line_item_adjustment", "item_id", { order: byId }),
    variant: one("product_variant", "variant_id"),
  },
});

export const lineItemAdjustment = entity("line_item_adjustment", {
  columns: {
    id: "text",
    item_id: "text",
    description: "text",
    discount_id: "text?",
    amount: "decimal",
    metadata: "json?",
  },
  relations: {
    item: one("line_item", "item_id"),
    discount: one("discount", "discount_id"),
  },
});

export const lineItemTaxLine = entity("line_item_tax_line", {
  columns: {
    id: "text",
    rate: "number",
    name: "text",
    code: "text?",
    created_at: "time",
    updated_at: "time",
    metadata: "json?",
    item_id: "text",
  },
  relations: {
    item: one("line_item", "item_id"),
  },
});

export const shippingMethod = entity("shipping_method", {
  columns: {
    id: "text",
    shipping_option_id: "text",
    order_id: "text?",
    cart_id: "text?",
    swap_id: "text?",
    return_id: "text?",
    price: "integer",
    data: "json",
    claim_order_id: "text?",
    includes_tax: "boolean",
  },
  computed: { ...shippingMethodTotals },
  relations: {
    order: one("order", "order_id"),
    claim_order: one("claim_order", "claim_order_id"),
    cart: one("cart", "cart_id"),
    swap: one("swap", "swap_id"),
    return_order: one("return", "return_id"),
    shipping_option: one("shipping_option", "shipping_option_id"),
    tax_lines: many("shipping_method_tax_line", "shipping_method_id", { order: byId }),
  },
});

export const shippingMethodTaxLine = entity("shipping_method_tax_line", {
  columns: {
    id: "text",
    rate: "number",
    name: "text",
    code: "text?",
    created_at: "time",
    updated_at: "time",
    metadata: "json?",
    shipping_method_id: "text",
  },
  relations: {
    shipping_method: one("shipping_method", "shipping_method_id"),
  },
});

export const customShippingOption = entity("custom_shipping_option", {
  columns: {
    id: "text",
    price: "integer",
    shipping_option_id: "text",
    cart_id: "text?",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
  },
  relations: {
    shipping_option: one("shipping_option", "shipping_option_id"),
    cart: one("cart", "cart_id"),
  },
});

export const cartEntities = [
  cart,
  lineItem,
  lineItemAdjustment,
  lineItemTaxLine,
  shippingMethod,
  shippingMethodTaxLine,
  customShippingOption,
] as const;

function isSelected(session: Tree): boolean {
  return session["is_selected"] === true;
}
