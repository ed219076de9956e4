import { z } from "zod";
import {
  type Field,
  MAX_INTEGER,
  productFields,
  productStatuses,
  variantFields,
} from "./product-fields.ts";
import { MAX_VARIANTS } from "./product-of-rows.ts";

const MAX_LIST = 1000;

const text = z.string().refine((value) => !value.includes("\u0000"), "has a NUL character");
const word = text.min(1, "must not be empty");
const wholeNumber = z.int().min(-MAX_INTEGER).max(MAX_INTEGER);

/** What Medusa's answers hold beside it is not read. */
const notRead = z.unknown().optional();

function fieldSchema({ type, required }: Field): z.ZodType {
  const schema = {
    text,
    integer: wholeNumber,
    boolean: z.boolean(),
    status: z.enum(productStatuses),
    json: z.record(z.string(), z.unknown()),
  }[type];
  return required ? schema.optional() : schema.nullish();
}

const fieldsOf = (fields: Readonly<Record<string, Field>>): Record<string, z.ZodType> =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, fieldSchema(field)]));

const named = z.object({
  id: word.optional(),
  handle: text.nullish(),
  name: text.nullish(),
  description: text.nullish(),
});

const option = z.object({ id: word.optional(), title: word });

const value = z.union([
  word.transform((value) => ({ value })),
  z.object({ value: text, title: word.optional(), option_id: word.nullish() }),
]);

const price = z.object({
  currency_code: z
    .string()
    .regex(/^[A-Za-z]{3}$/, "must be a currency code such as eur")
    .nullish(),
  amount: wholeNumber.min(0),
  region_id: word.nullish(),
  region_name: word.nullish(),
  region: z.object({ id: word.optional(), name: word.optional() }).nullish(),
  price_list_id: word.nullish(),
  min_quantity: wholeNumber.nullish(),
  max_quantity: wholeNumber.nullish(),
});

const variant = z.strictObject({
  ...(fieldsOf(variantFields) as Record<never, never>),
  id: word.optional(),
  options: z.array(value).max(MAX_LIST).optional(),
  prices: z.array(price).max(MAX_LIST).optional(),
  ...{ product_id: notRead, product: notRead, inventory_items: notRead, purchasable: notRead },
  ...{ created_at: notRead, updated_at: notRead, deleted_at: notRead },
  ...{ original_price: notRead, calculated_price: notRead, tax_rates: notRead },
  ...{ original_tax: notRead, calculated_tax: notRead, calculated_price_type: notRead },
  ...{ original_price_incl_tax: notRead, calculated_price_incl_tax: notRead },
  ...{ original_price_includes_tax: notRead, calculated_price_includes_tax: notRead },
});

/** A product as Medusa's API answers with it, or as its admin sends it. */
export const productSchema = z.strictObject({
  ...(fieldsOf(productFields) as Record<never, never>),
  id: word.optional(),
  handle: word,
  collection: z.object({ handle: text.nullish(), title: text.nullish() }).nullish(),
  type: z.union([z.object({ value: word }), word]).nullish(),
  tags: z
    .array(z.union([z.object({ value: word }), word]))
    .max(MAX_LIST)
    .optional(),
  images: z
    .array(z.union([z.object({ url: word }), word]))
    .max(MAX_LIST)
    .optional(),
  options: z.array(option).max(MAX_LIST).optional(),
  sales_channels: z.array(named).max(MAX_LIST).optional(),
  categories: z.array(named).max(MAX_LIST).optional(),
  profile: z.object({ name: word.optional(), type: word.optional() }).nullish(),
  variants: z.array(variant).max(MAX_VARIANTS).optional(),
  ...{ collection_id: notRead, type_id: notRead, profile_id: notRead, profiles: notRead },
  ...{ created_at: notRead, updated_at: notRead, deleted_at: notRead },
});

/** A product that fits the schema. */
export type ProductJson = z.output<typeof productSchema>;
/** A variant of it. */
export type VariantJson = z.output<typeof variant>;
