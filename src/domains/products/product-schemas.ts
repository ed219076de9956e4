import { z } from "zod";
import {
  amounts,
  boolean,
  dateRange,
  expand,
  fields,
  limit,
  list,
  offset,
  text,
} from "../../http/validation/query-fields.ts";
import { textOrList } from "../../http/validation/query-unions.ts";
import { priceContext } from "../pricing/price-context-schemas.ts";
import { productView } from "./product-view.ts";

const selection = { expand: expand(productView.relations), fields: fields(productView.fields) };

/** Filters that Medusa does not have. One and the same variant must meet all of them. */
const variantFilters = {
  price: amounts({
    description:
      "Only products with a variant whose calculated price is in this range, in the currency's " +
      "smallest unit, regardless of taxes. Requires a cart, a region or a currency.",
    example: { gte: 1000, lte: 5000 },
  }),
  option_value: list({
    description: "Only products with a variant that has one of these option values, in any case.",
    example: ["Moss"],
  }),
  in_stock: boolean({
    description:
      "Only products with a variant that can be bought now: " +
      "in stock, without managed inventory, or on backorder.",
    example: true,
  }),
};

/** The query parameters of the product list, in the order in which Medusa reports their errors. */
export const productsQuery = (maxRows: number) =>
  z.strictObject({
    id: textOrList({
      description: "Only products with these ids.",
      example: "prod_01HK153X0775XD5YYKA5Q1TKEG",
    }),
    q: text({
      description:
        "Search text for the title, the description, titles and SKUs of variants, " +
        "and the collection's title.",
      example: "merino",
    }),
    collection_id: list({
      description: "Only products of these collections.",
      example: ["pcol_01HK153X03RNBKEAEP22AZ9X78"],
    }),
    tags: list({
      description: "Only products with one of these tags, by tag id.",
      example: ["ptag_01HK153X0C5VYS43F7QDZ76M3D"],
    }),
    title: text({
      description: "Only products with exactly this title.",
      example: "Tarn Enamel Mug",
    }),
    description: text({
      description: "Only products with exactly this description.",
      example:
        "Comes by e-mail with a code that works on everything in the shop, in parts or at once.",
    }),
    handle: text({ description: "Only the product with this handle.", example: "tarn-mug" }),
    is_giftcard: boolean({
      description: "Whether to list only gift cards, or none.",
      example: false,
    }),
    type_id: list({
      description: "Only products of these types.",
      example: ["ptyp_01HK153X032XVFM461117C44Y5"],
    }),
    category_id: list({
      description: "Only products of these categories.",
      example: ["pcat_01HK153X0344YKA0C8WJK8RBGR"],
    }),
    include_category_children: boolean({
      description: "With `category_id`: include the products of all descendant categories.",
      example: true,
    }),
    created_at: dateRange({
      description: "Only products created in this date range.",
      example: { gt: "2024-01-01T00:00:00Z" },
    }),
    updated_at: dateRange({
      description: "Only products changed in this date range.",
      example: { gte: "2024-01-01T00:00:00Z" },
    }),
    sales_channel_id: list({
      description: "Only products of these sales channels.",
      example: ["sc_01HK153X005MFYMXQRKWCTD4YW"],
    }),
    ...selection,
    ...priceContext,
    offset: offset(),
    limit: limit(maxRows, 100),
    order: text({
      description:
        "The column, `variants.title` or `variants.prices.amount` to sort by; " +
        "a leading `-` sorts in descending order. Newest first by default.",
      example: "-created_at",
    }),
    ...variantFilters,
  });

/** The query parameters of a single product. */
export const productQuery = z.strictObject({
  sales_channel_id: text({
    description: "The sales channel that the product is requested for.",
    example: "sc_01HK153X005MFYMXQRKWCTD4YW",
  }),
  ...selection,
  ...priceContext,
});

export type ProductsQuery = z.output<ReturnType<typeof productsQuery>>;
export type ProductQuery = z.output<typeof productQuery>;
