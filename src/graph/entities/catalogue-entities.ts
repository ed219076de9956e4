import { entity, many, one, oneOf, through } from "../entity.ts";
import { creation } from "../row-order.ts";
import { moneyAmount, priceList } from "./price-entities.ts";

/** The condition of the categories that a storefront may see. */
const publicCategory = "t.is_active and not t.is_internal";

export const product = entity("product", {
  columns: {
    id: "text",
    title: "text",
    subtitle: "text?",
    description: "text?",
    handle: "text?",
    is_giftcard: "boolean",
    thumbnail: "text?",
    weight: "integer?",
    length: "integer?",
    height: "integer?",
    width: "integer?",
    hs_code: "text?",
    origin_country: "text?",
    mid_code: "text?",
    material: "text?",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
    collection_id: "text?",
    type_id: "text?",
    discountable: "boolean",
    status: oneOf("draft", "proposed", "published", "rejected"),
    external_id: "text?",
  },
  computed: { profile_id: "text?", profile: "json" },
  relations: {
    images: through("image", "product_images", "product_id", "image_id", { order: creation }),
    variants: many("product_variant", "product_id", {
      order: [{ column: "variant_rank" }, { column: "id" }],
    }),
    options: many("product_option", "product_id", { order: creation }),
    tags: through("product_tag", "product_tags", "product_id", "product_tag_id"),
    collection: one("product_collection", "collection_id"),
    type: one("product_type", "type_id"),
    profiles: through("shipping_profile", "product_shipping_profile", "product_id", "profile_id"),
    categories: through(
      "product_category",
      "product_category_product",
      "product_id",
      "product_category_id",
      {
        where: publicCategory,
      },
    ),
    tax_rates: through("tax_rate", "product_tax_rate", "product_id", "rate_id"),
    sales_channels: through(
      "sales_channel",
      "product_sales_channel",
      "product_id",
      "sales_channel_id",
    ),
  },
});

export const productVariant = entity("product_variant", {
  columns: {
    id: "text",
    title: "text",
    product_id: "text",
    sku: "text?",
    barcode: "text?",
    ean: "text?",
    upc: "text?",
    inventory_quantity: "integer",
    allow_backorder: "boolean",
    manage_inventory: "boolean",
    hs_code: "text?",
    origin_country: "text?",
    mid_code: "text?",
    material: "text?",
    weight: "integer?",
    length: "integer?",
    height: "integer?",
    width: "integer?",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
    variant_rank: "integer?",
  },
  computed: {
    original_price: "integer?",
    calculated_price: "integer?",
    calculated_price_type: "text?",
    original_price_includes_tax: "boolean?",
    calculated_price_includes_tax: "boolean?",
    original_price_incl_tax: "integer?",
    calculated_price_incl_tax: "integer?",
    original_tax: "integer?",
    calculated_tax: "integer?",
    tax_rates: "json?",
  },
  relations: {
    product: one("product", "product_id"),
    prices: through(
      "money_amount",
      "product_variant_money_amount",
      "variant_id",
      "money_amount_id",
      { order: creation },
    ),
    options: many("product_option_value", "variant_id", { order: creation }),
    inventory_items: many("product_variant_inventory_item", "variant_id"),
  },
});

export const productOption = entity("product_option", {
  columns: {
    id: "text",
    title: "text",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
    product_id: "text?",
  },
  relations: {
    values: many("product_option_value", "option_id", { order: creation }),
  },
});

export const productOptionValue = entity("product_option_value", {
  columns: {
    id: "text",
    value: "text",
    option_id: "text",
    variant_id: "text",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
  },
});

export const image = entity("image", {
  columns: {
    id: "text",
    url: "text",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
  },
});

export const productTag = entity("product_tag", {
  columns: {
    id: "text",
    value: "text",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
  },
});

export const productType = entity("product_type", {
  columns: {
    id: "text",
    value: "text",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
  },
  relations: {
    tax_rates: through("tax_rate", "product_type_tax_rate", "product_type_id", "rate_id"),
  },
});

export const productCollection = entity("product_collection", {
  columns: {
    id: "text",
    title: "text",
    handle: "text?",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
  },
  relations: {
    products: many("product", "collection_id"),
  },
});

export const productCategory = entity("product_category", {
  columns: {
    id: "text",
    name: "text",
    handle: "text",
    parent_category_id: "text?",
    is_active: "boolean?",
    is_internal: "boolean?",
    created_at: "time",
    updated_at: "time",
    rank: "integer",
    description: "text",
    metadata: "json?",
  },
  relations: {
    parent_category: one("product_category", "parent_category_id", {
      where: publicCategory,
    }),
    category_children: many("product_category", "parent_category_id", {
      where: publicCategory,
      order: [{ column: "rank" }, { column: "handle" }],
    }),
    products: through("product", "product_category_product", "product_category_id", "product_id", {
      where: "t.status = 'published'",
      order: creation,
    }),
  },
});

export const salesChannel = entity("sales_channel", {
  columns: {
    id: "text",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    name: "text",
    description: "text?",
    is_disabled: "boolean",
    metadata: "json?",
  },
});

export const shippingProfile = entity("shipping_profile", {
  columns: {
    id: "text",
    name: "text",
    type: oneOf("default", "gift_card", "custom"),
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
  },
});

export const productVariantInventoryItem = entity("product_variant_inventory_item", {
  columns: {
    id: "text",
    inventory_item_id: "text",
    variant_id: "text",
    required_quantity: "integer",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
  },
});

export const catalogueEntities = [
  product,
  productVariant,
  moneyAmount,
  priceList,
  productOption,
  productOptionValue,
  image,
  productTag,
  productType,
  productCollection,
  productCategory,
  salesChannel,
  shippingProfile,
  productVariantInventoryItem,
] as const;
