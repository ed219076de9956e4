import type { Knex } from "knex";
import type { Sql } from "../../database/sql.ts";
import { listAnswer } from "../../graph/answer-schema.ts";
import { productTag, productType } from "../../graph/entities/catalogue-entities.ts";
import { loadPage } from "../../graph/load-tree.ts";
import { orderAmong, orderBy } from "../../graph/order-by.ts";
import { type Shape, shapeOf } from "../../graph/shape.ts";
import { refusal } from "../../http/openapi/refusal.ts";
import { type Route, route } from "../../http/routing/route.ts";
import { labelsOnPage } from "./product-label-queries.ts";
import { type ProductLabelsQuery, productLabelsQuery } from "./product-label-schemas.ts";

const columns = ["id", "value", "created_at", "updated_at"] as const;
const tagShape = shapeOf(productTag, { columns });
const typeShape = shapeOf(productType, { columns });

const tags = {
  plural: "product tags",
  order: "The shown column to sort by",
  examples: { id: "ptag_01HK153X0C5VYS43F7QDZ76M3D", prefix: "wa" },
};
const types = {
  plural: "product types",
  order: "The column to sort by",
  examples: { id: "ptyp_01HK153X032XVFM461117C44Y5", prefix: "Bo" },
};

/** The endpoints that list product tags and product types. */
export const productLabelRoutes = (database: Knex, maxRows: number): Route[] => [
  route("GET /store/product-tags", {
    summary: "List Product Tags",
    description: "Returns the tags that products can be filtered by, newest first.",
    access: "anyone",
    catalogue: ["product_tag", "discount_condition_product_tag"],
    query: productLabelsQuery(tags, maxRows),
    answers: { 200: listAnswer("product_tags", productTag), 400: refusal },
    handler: async ({ query }) => {
      // As in Medusa, tags are sorted by shown columns only, and types by any column.
      const order = orderAmong(columns, query.order);
      const { labels, ...page } = await listLabels(database, tagShape, query, order, maxRows);
      return { product_tags: labels, ...page };
    },
  }),
  route("GET /store/product-types", {
    summary: "List Product Types",
    description: "Returns the types that products can be filtered by, newest first.",
    access: "anyone",
    catalogue: ["product_type", "discount_condition_product_type"],
    query: productLabelsQuery(types, maxRows),
    answers: { 200: listAnswer("product_types", productType), 400: refusal },
    handler: async ({ query }) => {
      const order = orderBy(productType, query.order);
      const { labels, ...page } = await listLabels(database, typeShape, query, order, maxRows);
      return { product_types: labels, ...page };
    },
  }),
];

async function listLabels<T>(
  database: Knex,
  shape: Shape<T>,
  query: ProductLabelsQuery,
  order: Sql,
  maxRows: number,
) {
  const { offset = 0, limit = 20 } = query;
  const page = { offset, limit: limit || maxRows };
  const rows = labelsOnPage(shape.entity, query, order, page);
  const { trees, count } = await loadPage(database, shape, rows);
  return { labels: trees, count, offset, limit };
}
