/** How the value of a field is written in a file. */
export type FieldType = "text" | "integer" | "boolean" | "status" | "json";

/** A column of Medusa's table that a file may set. */
export interface Field {
  /** The column in Medusa's product CSV; fields without one are in JSON only. */
  readonly header?: string;
  readonly type: FieldType;
  /** Whether the column cannot be null: an empty cell then leaves it as it is. */
  readonly required?: true;
}

const text = (header?: string): Field => ({ ...(header && { header }), type: "text" });
const integer = (header?: string): Field => ({ ...(header && { header }), type: "integer" });

/** The fields of a product, in the order of Medusa's product CSV. */
export const productFields: Readonly<Record<string, Field>> = {
  title: { header: "Product Title", type: "text", required: true },
  subtitle: text("Product Subtitle"),
  description: text("Product Description"),
  status: { header: "Product Status", type: "status", required: true },
  thumbnail: text("Product Thumbnail"),
  weight: integer("Product Weight"),
  length: integer("Product Length"),
  width: integer("Product Width"),
  height: integer("Product Height"),
  hs_code: text("Product HS Code"),
  origin_country: text("Product Origin Country"),
  mid_code: text("Product MID Code"),
  material: text("Product Material"),
  discountable: { header: "Product Discountable", type: "boolean", required: true },
  external_id: text("Product External Id"),
  is_giftcard: { type: "boolean", required: true },
  metadata: { type: "json" },
};

/** The fields of a variant, in the order of Medusa's product CSV. */
export const variantFields: Readonly<Record<string, Field>> = {
  title: { header: "Variant Title", type: "text", required: true },
  sku: text("Variant SKU"),
  barcode: text("Variant Barcode"),
  inventory_quantity: { header: "Variant Inventory Quantity", type: "integer", required: true },
  allow_backorder: { header: "Variant Allow Backorder", type: "boolean", required: true },
  manage_inventory: { header: "Variant Manage Inventory", type: "boolean", required: true },
  weight: integer("Variant Weight"),
  length: integer("Variant Length"),
  width: integer("Variant Width"),
  height: integer("Variant Height"),
  hs_code: text("Variant HS Code"),
  origin_country: text("Variant Origin Country"),
  mid_code: text("Variant MID Code"),
  material: text("Variant Material"),
  ean: text(),
  upc: text(),
  variant_rank: integer(),
  metadata: { type: "json" },
};

/** The numbers of a variant that no other variant of the shop may have. */
export const uniqueNumbers = { sku: "SKU", barcode: "barcode", ean: "EAN", upc: "UPC" } as const;

/** The states of a product. */
export const productStatuses = ["draft", "proposed", "published", "rejected"] as const;

/** The largest value of PostgreSQL's `integer`. */
export const MAX_INTEGER = 2_147_483_647;
