import { z } from "zod";
import { boolean, limit, list, moments, offset, text } from "../../http/query-fields.ts";
import { textOrList } from "../../http/query-unions.ts";
import { priceContext } from "./price-context-fields.ts";

const selection = {
  expand: text({
    description: "Relations to show instead of the default ones, separated by commas.",
    example: "variants,variants.prices,images",
  }),
  fields: text({
    description: "Columns to show, separated by commas; `+x` and `-x` edit the default ones.",
    example: "title,handle,thumbnail",
  }),
};

/** Query parameters of the product list, in the order in which Medusa names their faults. */
export const productsQuery = (mostRows: number) =>
  z.strictObject({
    id: textOrList({ description: "Products with these ids.", example: "prod_01HZX3W8V0C6C4Y0GBKPF2XH7C" }),
    q: text({
      description: "Text to be found in description, title, a variant's title or SKU, or the collection's title.",
      example: "merino",
    }),
    collection_id: list({ description: "Products of any of these collections.", example: ["pcol_01HZX3W8V0C6C4Y0GBKPF2XH7C"] }),
    tags: list({ description: "Products with any of these tags, by tag id.", example: ["ptag_01HZX3W8V0C6C4Y0GBKPF2XH7C"] }),
    title: text({ description: "Products with exactly this title.", example: "Merino Tee" }),
    description: text({ description: "Products with exactly this description.", example: "A tee of fine merino wool." }),
    handle: text({ description: "The product with this handle.", example: "merino-tee" }),
    is_giftcard: boolean({ description: "Gift cards only, or none.", example: false }),
    type_id: list({ description: "Products of any of these types.", example: ["ptyp_01HZX3W8V0C6C4Y0GBKPF2XH7C"] }),
    sales_channel_id: list({
      description: "Products of any of these sales channels.",
      example: ["sc_01HZX3W8V0C6C4Y0GBKPF2XH7C"],
    }),
    category_id: list({ description: "Products of any of these categories.", example: ["pcat_01HZX3W8V0C6C4Y0GBKPF2XH7C"] }),
    include_category_children: boolean({ description: "With `category_id`: those of all categories below, too.", example: true }),
    created_at: moments({ description: "Products created in this range of time.", example: { gt: "2024-01-01T00:00:00Z" } }),
    updated_at: moments({ description: "Products changed in this range of time.", example: { gte: "2024-01-01T00:00:00Z" } }),
    offset: offset(),
    limit: limit(mostRows, 100),
    order: text({
      description:
        "A column, `variants.title` or `variants.prices.amount` to sort by; `-` in front sorts downwards. Newest first without it.",
      example: "-created_at",
    }),
    ...priceContext,
    ...selection,
  });

/** Query parameters of a single product. */
export const productQuery = z.strictObject({
  sales_channel_id: text({ description: "The sales channel it is looked at in.", example: "sc_01HZX3W8V0C6C4Y0GBKPF2XH7C" }),
  ...priceContext,
  ...selection,
});

export type ProductsQuery = z.output<ReturnType<typeof productsQuery>>;
export type ProductQuery = z.output<typeof productQuery>;
