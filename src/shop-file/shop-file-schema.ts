import { z } from "zod";
import { strictObject } from "./strict-object.ts";

const MAX_AMOUNT = 2_147_483_647;
const MAX_ROWS = 10_000;
const MAX_PRICES = 100_000;

const text = z.string().trim().min(1).max(255);
const longText = z.string().max(10_000);
const amount = z
  .int("an amount is a whole number in the smallest unit of its currency, such as 1299")
  .min(0)
  .max(MAX_AMOUNT);
const percent = z.number().min(0).max(100);
const currency = z
  .string()
  .regex(/^[A-Za-z]{3}$/, "a currency is written with three letters, such as eur")
  .toLowerCase();
const country = z
  .string()
  .regex(/^[A-Za-z]{2}$/, "a country is written with two letters, such as de")
  .toLowerCase();
const listOf = <T extends z.ZodType>(one: T, max = MAX_ROWS) => z.array(one).max(max);

/** A day means its first moment in UTC. The value is an ISO time with milliseconds. */
const time = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: "a time is written as 2026-12-01 or 2026-12-01T08:00:00Z",
  })
  .transform((written) => new Date(written).toISOString());

const store = strictObject({
  name: text.optional(),
  default_currency: currency.optional(),
  default_sales_channel: text.optional(),
});

const storeCurrency = strictObject({ code: currency, includes_tax: z.boolean().optional() });

const salesChannel = strictObject({
  name: text,
  description: longText.optional(),
  is_disabled: z.boolean().optional(),
});

const publishableKey = strictObject({ title: text, sales_channels: listOf(text).min(1) });

const customerGroup = strictObject({ name: text });

const returnReason = strictObject({
  value: text,
  label: text,
  description: longText.optional(),
  parent: text.optional(),
});

const shippingProfile = strictObject({ name: text });

const region = strictObject({
  name: text,
  currency,
  countries: listOf(country),
  tax_rate: percent,
  tax_code: text.nullish(),
  includes_tax: z.boolean().optional(),
  gift_cards_taxable: z.boolean().optional(),
  automatic_taxes: z.boolean().optional(),
  tax_provider: text.nullish(),
  payment_providers: listOf(text).optional(),
  fulfillment_providers: listOf(text).optional(),
});

const shippingOption = strictObject({
  name: text,
  region: text,
  price: z.union([amount, z.literal("calculated")], {
    error: 'a price is a whole number in the smallest unit of its currency, or "calculated"',
  }),
  profile: text.optional(),
  provider: text.optional(),
  data: z.record(z.string(), z.json()).optional(),
  min_subtotal: amount.nullish(),
  max_subtotal: amount.nullish(),
  is_return: z.boolean().optional(),
  admin_only: z.boolean().optional(),
  includes_tax: z.boolean().optional(),
});

const taxRate = strictObject({
  region: text,
  name: text,
  rate: percent.nullable(),
  code: text.nullish(),
  products: listOf(text).optional(),
  product_types: listOf(text).optional(),
  shipping_options: listOf(text).optional(),
});

const quantity = z.int().min(1).max(MAX_AMOUNT);

const listPrice = strictObject({
  sku: text,
  amount,
  currency: currency.optional(),
  region: text.optional(),
  min_quantity: quantity.optional(),
  max_quantity: quantity.optional(),
}).refine((price) => (price.currency === undefined) !== (price.region === undefined), {
  error: "a price has a currency or a region",
});

const priceList = strictObject({
  name: text,
  description: longText.optional(),
  type: z.enum(["sale", "override"]),
  status: z.enum(["active", "draft"]).optional(),
  starts_at: time.nullish(),
  ends_at: time.nullish(),
  includes_tax: z.boolean().optional(),
  customer_groups: listOf(text).optional(),
  prices: listOf(listPrice, MAX_PRICES).optional(),
});

/** The subjects of a discount's condition, in the order in which they are written. */
export const conditionSubjects = [
  "products",
  "product_types",
  "product_collections",
  "product_tags",
  "customer_groups",
] as const;

const condition = strictObject({
  operator: z.enum(["in", "not_in"]).default("in"),
  products: listOf(text).optional(),
  product_types: listOf(text).optional(),
  product_collections: listOf(text).optional(),
  product_tags: listOf(text).optional(),
  customer_groups: listOf(text).optional(),
}).refine((one) => conditionSubjects.filter((subject) => one[subject] !== undefined).length === 1, {
  error: `a condition has one of ${conditionSubjects.join(", ")}`,
});

const discount = strictObject({
  code: text.toUpperCase(),
  description: longText.optional(),
  type: z.enum(["percentage", "fixed", "free_shipping"]),
  value: amount.optional(),
  allocation: z.enum(["total", "item"]).optional(),
  regions: listOf(text).min(1),
  starts_at: time.optional(),
  ends_at: time.nullish(),
  usage_limit: quantity.nullish(),
  is_disabled: z.boolean().optional(),
  conditions: listOf(condition).optional(),
});

const giftCard = strictObject({
  code: text,
  value: amount,
  region: text,
  ends_at: time.nullish(),
  is_disabled: z.boolean().optional(),
});

/** A shop file: the settings of a shop, as a person writes them. */
export const shopFileSchema = strictObject({
  store: store.optional(),
  currencies: listOf(storeCurrency).optional(),
  sales_channels: listOf(salesChannel).optional(),
  publishable_keys: listOf(publishableKey).optional(),
  customer_groups: listOf(customerGroup).optional(),
  return_reasons: listOf(returnReason).optional(),
  shipping_profiles: listOf(shippingProfile).optional(),
  regions: listOf(region).optional(),
  shipping_options: listOf(shippingOption).optional(),
  tax_rates: listOf(taxRate).optional(),
  price_lists: listOf(priceList).optional(),
  discounts: listOf(discount).optional(),
  gift_cards: listOf(giftCard).optional(),
});

/** A shop file whose values are checked and written in one way. */
export type ShopFile = z.output<typeof shopFileSchema>;

/** The name of a part of a shop file. */
export type Section = keyof ShopFile;

type EntryOf<Part> = Part extends readonly (infer One)[] ? One : Part;

/** The store of a shop file, or an entry of one of its lists. */
export type Entry<S extends Section> = EntryOf<NonNullable<ShopFile[S]>>;

/** A price of a price list. */
export type ListPrice = z.output<typeof listPrice>;

/** A condition of a discount. */
export type Condition = z.output<typeof condition>;
