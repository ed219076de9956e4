import { exampleId } from "../../src/demo/examples/example-parts.ts";
import { type DemoFacts, missing, noId, type Sample, unknownParameter } from "./sample.ts";

const open = { id: exampleId("cart", "open") };
const full = { id: exampleId("cart", "full") };
const ready = { id: exampleId("cart", "ready") };
const line = exampleId("item", "cart open 1");
const noCart = { id: noId("cart") };
const missingCart = missing("A cart that does not exist", noCart);
const ordered = { id: exampleId("cart", "of sent") };
const isOrdered = (more: Readonly<Record<string, string>> = {}) => ({
  title: "A cart that became an order",
  status: 400,
  params: { ...ordered, ...more },
});

/** Samples of the operations of carts, apart from payment. */
export const cartSamples = ({ regionId, variantId, shippingOptionId }: DemoFacts): Sample[] => [
  {
    operation: "POST /store/carts",
    body: {
      region_id: regionId,
      country_code: "de",
      items: [{ variant_id: variantId, quantity: 1 }],
    },
    refusals: [
      {
        title: "An item without a quantity",
        status: 400,
        body: { region_id: regionId, items: [{ variant_id: variantId }] },
      },
      { title: "A region that does not exist", status: 404, body: { region_id: noId("reg") } },
    ],
  },
  {
    operation: "GET /store/carts/{id}",
    params: open,
    refusals: [unknownParameter, missingCart],
  },
  {
    operation: "POST /store/carts/{id}",
    params: open,
    body: { email: "gro@example.com", discounts: [{ code: "FIRST50" }] },
    refusals: [
      { title: "A code that has ended", status: 400, body: { discounts: [{ code: "SPRING25" }] } },
      missingCart,
    ],
  },
  {
    operation: "DELETE /store/carts/{id}/discounts/{code}",
    params: { ...full, code: "WELCOME10" },
    refusals: [
      isOrdered({ code: "WELCOME10" }),
      missing("A cart that does not exist", { ...noCart, code: "WELCOME10" }),
    ],
  },
  {
    operation: "POST /store/carts/{id}/taxes",
    params: open,
    refusals: [missingCart],
  },
  {
    operation: "POST /store/carts/{id}/line-items",
    params: open,
    body: { variant_id: variantId, quantity: 1 },
    refusals: [{ title: "No quantity", status: 400, body: { variant_id: variantId } }, missingCart],
  },
  {
    operation: "POST /store/carts/{id}/line-items/{line_id}",
    params: { ...open, line_id: line },
    body: { quantity: 3 },
    refusals: [
      { title: "A quantity that is no number", status: 400, body: { quantity: "three" } },
      missing("A cart that does not exist", { ...noCart, line_id: line }),
    ],
  },
  {
    operation: "DELETE /store/carts/{id}/line-items/{line_id}",
    params: { ...full, line_id: exampleId("item", "cart full 1") },
    refusals: [
      isOrdered({ line_id: exampleId("item", "order sent 1") }),
      missing("A cart that does not exist", { ...noCart, line_id: line }),
    ],
  },
  {
    operation: "POST /store/carts/{id}/shipping-methods",
    params: open,
    body: { option_id: shippingOptionId },
    refusals: [
      { title: "No shipping option", status: 400, body: {} },
      missing("A cart that does not exist", noCart),
    ],
  },
];

/** Samples of the operations of a cart's payment. */
export const paymentSamples: Sample[] = [
  { operation: "POST /store/carts/{id}/payment-sessions", params: open, refusals: [missingCart] },
  {
    operation: "POST /store/carts/{id}/payment-session",
    params: open,
    body: { provider_id: "manual" },
    refusals: [{ title: "No provider", status: 400, body: {} }, missingCart],
  },
  {
    operation: "POST /store/carts/{id}/payment-sessions/{provider_id}",
    params: { ...open, provider_id: "manual" },
    body: { data: { data: { reference: "PO-77" } } },
    refusals: [
      { title: "No data", status: 400, body: {} },
      missing("A cart that does not exist", { ...noCart, provider_id: "manual" }),
    ],
  },
  {
    operation: "DELETE /store/carts/{id}/payment-sessions/{provider_id}",
    params: { ...full, provider_id: "manual" },
    refusals: [
      isOrdered({ provider_id: "manual" }),
      missing("A cart that does not exist", { ...noCart, provider_id: "manual" }),
    ],
  },
  {
    operation: "POST /store/carts/{id}/payment-sessions/{provider_id}/refresh",
    params: { ...open, provider_id: "manual" },
    refusals: [
      isOrdered({ provider_id: "manual" }),
      missing("A cart that does not exist", { ...noCart, provider_id: "manual" }),
    ],
  },
];

/** Samples of the operations that make an order of a cart; `full` has lost its payment by now. */
export const completionSamples: Sample[] = [
  {
    operation: "POST /store/carts/{id}/complete",
    params: ready,
    refusals: [
      { title: "A cart without a payment session", status: 400, params: full },
      missingCart,
      { title: "More than is in stock", status: 409, params: { id: exampleId("cart", "scarce") } },
    ],
  },
  {
    operation: "POST /store/carts/{id}/complete-cart",
    params: ordered,
    refusals: [
      { title: "A cart without a payment session", status: 400, params: full },
      missingCart,
      { title: "More than is in stock", status: 409, params: { id: exampleId("cart", "scarce") } },
    ],
  },
];
