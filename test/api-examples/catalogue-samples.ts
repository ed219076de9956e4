import { exampleId } from "../../src/demo/examples/example-parts.ts";
import { type DemoFacts, missing, noId, type Sample, unknownParameter } from "./sample.ts";

/** Samples of the operations that read the catalogue. */
export const catalogueSamples = (facts: DemoFacts): Sample[] => {
  const { regionId, productId, variantId } = facts;
  const region_id = regionId;
  return [
    {
      operation: "GET /store/collections",
      query: { limit: 2 },
      refusals: [unknownParameter],
    },
    {
      operation: "GET /store/collections/{id}",
      params: { id: facts.collectionId },
      refusals: [missing("A collection that does not exist", { id: noId("pcol") })],
    },
    {
      operation: "GET /store/product-categories",
      query: { parent_category_id: "null", limit: 2 },
      refusals: [unknownParameter],
    },
    {
      operation: "GET /store/product-categories/{id}",
      params: { id: facts.categoryId },
      refusals: [unknownParameter, missing("A category that does not exist", { id: noId("pcat") })],
    },
    { operation: "GET /store/product-tags", query: { limit: 2 }, refusals: [unknownParameter] },
    { operation: "GET /store/product-types", query: { limit: 2 }, refusals: [unknownParameter] },
    {
      operation: "GET /store/variants",
      query: { region_id, limit: 1 },
      refusals: [
        unknownParameter,
        { title: "A region that does not exist", status: 404, query: { region_id: noId("reg") } },
      ],
    },
    {
      operation: "GET /store/variants/{id}",
      params: { id: variantId },
      query: { region_id },
      refusals: [
        unknownParameter,
        missing("A variant that does not exist", { id: noId("variant") }),
      ],
    },
    {
      operation: "GET /store/products",
      query: { region_id, limit: 1 },
      refusals: [
        unknownParameter,
        { title: "A region that does not exist", status: 404, query: { region_id: noId("reg") } },
      ],
    },
    {
      operation: "GET /store/products/{id}",
      params: { id: productId },
      query: { region_id },
      refusals: [unknownParameter, missing("A product that does not exist", { id: noId("prod") })],
    },
    {
      operation: "POST /store/products/search",
      body: { q: "enamel mug", region_id, limit: 1, facets: ["type_value"] },
      refusals: [
        { title: "A filter that ends too early", status: 400, body: { filter: "tags_value =" } },
        { title: "A region that does not exist", status: 404, body: { region_id: noId("reg") } },
      ],
    },
    { operation: "GET /store/regions", refusals: [unknownParameter] },
    {
      operation: "GET /store/regions/{id}",
      params: { id: regionId },
      refusals: [unknownParameter, missing("A region that does not exist", { id: noId("reg") })],
    },
    { operation: "GET /store/return-reasons", refusals: [] },
    {
      operation: "GET /store/return-reasons/{id}",
      params: { id: facts.returnReasonId },
      refusals: [missing("A reason that does not exist", { id: noId("rr") })],
    },
    {
      operation: "GET /store/shipping-options",
      query: { region_id, is_return: false },
      refusals: [unknownParameter],
    },
    {
      operation: "GET /store/shipping-options/{cart_id}",
      params: { cart_id: exampleId("cart", "open") },
      refusals: [missing("A cart that does not exist", { cart_id: noId("cart") })],
    },
  ];
};
