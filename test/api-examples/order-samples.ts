import { EDIT_DUE } from "../../src/demo/examples/example-edits.ts";
import { orderLineId } from "../../src/demo/examples/example-orders.ts";
import { exampleGuest, exampleId } from "../../src/demo/examples/example-parts.ts";
import { type DemoFacts, missing, noId, type Sample, unknownParameter } from "./sample.ts";

const sent = exampleId("order", "sent");
const collection = (name: string) => ({ id: exampleId("paycol", name) });
const session = (name: string, number: number) => exampleId("ps", `collection ${name} ${number}`);
const noCollection = { id: noId("paycol") };
const missingCollection = missing("A payment collection that does not exist", noCollection);

/** Samples of the operations of orders, returns, swaps and order edits. */
export const orderSamples = (facts: DemoFacts): Sample[] => {
  const returned = (number: number, quantity: number) => ({
    item_id: orderLineId("sent", number),
    quantity,
    reason_id: facts.returnReasonId,
  });
  const replacement = [{ variant_id: facts.variantId, quantity: 1 }];
  return [
    {
      operation: "GET /store/orders",
      query: { display_id: facts.displayId, email: exampleGuest.email },
      refusals: [
        { title: "No number", status: 400, query: { email: exampleGuest.email } },
        {
          title: "Another e-mail",
          status: 404,
          query: { display_id: facts.displayId, email: "mara@example.com" },
        },
      ],
    },
    {
      operation: "GET /store/orders/{id}",
      params: { id: sent },
      refusals: [
        { title: "A column that does not exist", status: 400, query: { fields: "colour" } },
        missing("An order that does not exist", { id: noId("order") }),
      ],
    },
    {
      operation: "GET /store/orders/cart/{cart_id}",
      params: { cart_id: exampleId("cart", "of sent") },
      refusals: [
        { title: "A column that does not exist", status: 400, query: { fields: "colour" } },
        missing("A cart that became no order", { cart_id: exampleId("cart", "open") }),
      ],
    },
    {
      operation: "POST /store/returns",
      body: {
        order_id: sent,
        items: [returned(1, 1)],
        return_shipping: { option_id: facts.returnOptionId },
      },
      refusals: [
        {
          title: "More than was bought",
          status: 400,
          body: { order_id: sent, items: [returned(1, 9)] },
        },
        {
          title: "An order that does not exist",
          status: 404,
          body: { order_id: noId("order"), items: [returned(1, 1)] },
        },
      ],
    },
    {
      operation: "POST /store/swaps",
      body: {
        order_id: sent,
        return_items: [returned(2, 1)],
        additional_items: replacement,
        return_shipping_option: facts.returnOptionId,
      },
      refusals: [
        {
          title: "Nothing to send instead",
          status: 400,
          body: { order_id: sent, return_items: [returned(2, 1)] },
        },
        {
          title: "An order that does not exist",
          status: 404,
          body: {
            order_id: noId("order"),
            return_items: [returned(2, 1)],
            additional_items: replacement,
          },
        },
      ],
    },
    {
      operation: "GET /store/swaps/{cart_id}",
      params: { cart_id: exampleId("cart", "of the swap") },
      refusals: [missing("A cart of no swap", { cart_id: exampleId("cart", "open") })],
    },
    ...editSamples,
    ...collectionSamples,
  ];
};

const editSamples: Sample[] = [
  {
    operation: "GET /store/order-edits/{id}",
    params: { id: exampleId("oe", "due") },
    refusals: [unknownParameter, missing("An order edit that does not exist", { id: noId("oe") })],
  },
  {
    operation: "POST /store/order-edits/{id}/complete",
    params: { id: exampleId("oe", "agreed") },
    refusals: [
      {
        title: "The additional amount is not authorized yet",
        status: 400,
        params: { id: exampleId("oe", "due") },
      },
      missing("An order edit that does not exist", { id: noId("oe") }),
    ],
  },
  {
    operation: "POST /store/order-edits/{id}/decline",
    params: { id: exampleId("oe", "declined") },
    body: { declined_reason: "One scarf is enough" },
    refusals: [
      { title: "A reason that is no text", status: 400, body: { declined_reason: 1 } },
      missing("An order edit that does not exist", { id: noId("oe") }),
    ],
  },
];

const collectionSamples: Sample[] = [
  {
    operation: "GET /store/payment-collections/{id}",
    params: collection("due"),
    refusals: [unknownParameter, missingCollection],
  },
  {
    operation: "POST /store/payment-collections/{id}/sessions",
    params: collection("due"),
    body: { provider_id: "manual" },
    refusals: [{ title: "No provider", status: 400, body: {} }, missingCollection],
  },
  {
    operation: "POST /store/payment-collections/{id}/sessions/batch",
    params: collection("due"),
    body: {
      sessions: [
        { provider_id: "manual", amount: 3000 },
        { provider_id: "manual", amount: EDIT_DUE - 3000 },
      ],
    },
    refusals: [
      {
        title: "Amounts that do not add up to the collection's",
        status: 400,
        body: { sessions: [{ provider_id: "manual", amount: 3000 }] },
      },
      missingCollection,
    ],
  },
  {
    operation: "POST /store/payment-collections/{id}/sessions/batch/authorize",
    params: collection("in-parts"),
    body: { session_ids: [session("in-parts", 1), session("in-parts", 2)] },
    refusals: [{ title: "No list", status: 400, body: {} }, missingCollection],
  },
  {
    operation: "POST /store/payment-collections/{id}/sessions/{session_id}",
    params: { ...collection("again"), session_id: session("again", 1) },
    refusals: [
      {
        title: "A session of another payment collection",
        status: 400,
        params: { ...collection("due"), session_id: session("again", 1) },
      },
      missing("A session that does not exist", { ...collection("again"), session_id: noId("ps") }),
    ],
  },
  {
    operation: "POST /store/payment-collections/{id}/sessions/{session_id}/authorize",
    params: { ...collection("at-once"), session_id: session("at-once", 1) },
    refusals: [
      {
        title: "A payment collection without sessions",
        status: 400,
        params: { ...collection("unpaid"), session_id: session("at-once", 1) },
      },
      missing("A payment collection that does not exist", {
        ...noCollection,
        session_id: session("at-once", 1),
      }),
    ],
  },
];
