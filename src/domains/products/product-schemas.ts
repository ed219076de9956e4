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

/** What Medusa does not have: each asks whether one and the same variant is like that. */
const variantFilters = {
  price: amounts({
    description:
      "Products with a variant whose calculated price lies in this range, in the smallest unit, without regard to taxes. Needs a cart, region or currency.",
    example: { gte: 1000, lte: 5000 },
  }),
  option_value: list({
    description: "Products with a variant that has any of these option values, in any case.",
    example: ["black"],
  }),
  in_stock: boolean({
    description:
      "Products with a variant that can be bought now: in stock, without stock-keeping, or on backorder.",
    example: true,
  }),
};

/** Query parameters of the product list, in the order in which Medusa names their faults. */
export const productsQuery = (maxRows: number) =>
  z.strictObject({
    id: textOrList({
      description: "Products with these ids.",
      example: "prod_01HZX3W8V0C6C4Y0GBKPF2XH7C",
    }),
    q: text({
      description:
        "Text to be found in description, title, a variant's title or SKU, or the collection's title.",
      example: "merino",
    }),
    collection_id: list({
      description: "Products of any of these collections.",
      example: ["pcol_01HZX3W8V0C6C4Y0GBKPF2XH7C"],
    }),
    tags: list({
      description: "Products with any of these tags, by tag id.",
      example: ["ptag_01HZX3W8V0C6C4Y0GBKPF2XH7C"],
    }),
    title: text({ description: "Products with exactly this title.", example: "Merino Tee" }),
    description: text({
      description: "Products with exactly this description.",
      example: "A tee of fine merino wool.",
    }),
    handle: text({ description: "The product with this handle.", example: "merino-tee" }),
    is_giftcard: boolean({ description: "Gift cards only, or none.", example: false }),
    type_id: list({
      description: "Products of any of these types.",
      example: ["ptyp_01HZX3W8V0C6C4Y0GBKPF2XH7C"],
    }),
    category_id: list({
      description: "Products of any of these categories.",
      example: ["pcat_01HZX3W8V0C6C4Y0GBKPF2XH7C"],
    }),
    include_category_children: boolean({
      description: "With `category_id`: those of all categories below, too.",
      example: true,
    }),
    created_at: dateRange({
      description: "Products created in this range of time.",
      example: { gt: "2024-01-01T00:00:00Z" },
    }),
    updated_at: dateRange({
      description: "Products changed in this range of time.",
      example: { gte: "2024-01-01T00:00:00Z" },
    }),
    sales_channel_id: list({
      description: "Products of any of these sales channels.",
      example: ["sc_01HZX3W8V0C6C4Y0GBKPF2XH7C"],
    }),
    ...selection,
    ...priceContext,
    offset: offset(),
    limit: limit(maxRows, 100),
    order: text({
      description:
        "A column, `variants.title` or `variants.prices.amount` to sort by; `-` in front sorts downwards. Newest first without it.",
      example: "-created_at",
    }),
    ...variantFilters,
  });

/** Query parameters of a single product. */
export const productQuery = z.strictObject({
  sales_channel_id: text({
    description: "The sales channel it is looked at in.",
    example: "sc_01HZX3W8V0C6C4Y0GBKPF2XH7C",
  }),
  ...selection,
  ...priceContext,
});

export type ProductsQuery = z.output<ReturnType<typeof productsQuery>>;
export type ProductQuery = z.output<typeof productQuery>;
