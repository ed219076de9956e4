import { createdDaysAgo, type DemoContext } from "../rows/demo-context.ts";
import { orderLineId } from "./example-orders.ts";
import {
  EXAMPLE_REGION,
  type ExampleRow,
  exampleId,
  lineRow,
  lineTaxRow,
  priceOf,
  sessionRow,
  withTax,
} from "./example-parts.ts";

/** A requested edit of an order of its own, which has two mugs. */
interface ExampleEdit {
  readonly name: string;
  /** `more` adds a scarf, `fewer` takes one mug away. */
  readonly change: "more" | "fewer";
  /** The number of sessions of its payment collection; without it there is none. */
  readonly sessions?: number;
}

/**
 * Each is for one use: `agreed` and `declined` are completed and declined, `due` is looked at,
 * `unpaid` stays without a payment session, and the last three have some to authorize or refresh.
 */
export const exampleEdits: readonly ExampleEdit[] = [
  { name: "agreed", change: "fewer" },
  { name: "declined", change: "more" },
  { name: "due", change: "more", sessions: 0 },
  { name: "unpaid", change: "more", sessions: 0 },
  { name: "in-parts", change: "more", sessions: 2 },
  { name: "at-once", change: "more", sessions: 1 },
  { name: "again", change: "more", sessions: 1 },
];

const MUG = "HT-TARN-INK";
const SCARF = "HT-BORDER-BRICK";

/** What the scarf costs more, in cents. */
export const EDIT_DUE = withTax(priceOf(SCARF));

/** Returns the rows of an edit, as Medusa's admin leaves them, with its payment collection. */
export function editRows(context: DemoContext, edit: ExampleEdit): ExampleRow[] {
  const { name, change, sessions } = edit;
  const id = exampleId("oe", name);
  const collection = sessions === undefined ? null : exampleId("paycol", name);
  return [
    ...(collection === null ? [] : collectionRows(context, name, collection, sessions ?? 0)),
    [
      "order_edit",
      {
        id,
        order_id: exampleId("order", name),
        created_by: "admin",
        requested_by: "admin",
        requested_at: createdDaysAgo(context.now, 1).created_at,
        payment_collection_id: collection,
        ...createdDaysAgo(context.now, 1),
      },
    ],
    ...mugRows(context, name, change === "fewer" ? 1 : 2),
    ...(change === "more" ? scarfRows(context, name) : []),
  ];
}

/** The copy of the order's line, and the change of its quantity. */
function mugRows(context: DemoContext, name: string, quantity: number): ExampleRow[] {
  const id = exampleId("item", `edit ${name} 1`);
  const original = orderLineId(name, 1);
  return [
    lineRow(context, { id, sku: MUG, quantity }, context.ids("variant", MUG), {
      order_edit_id: exampleId("oe", name),
      original_item_id: original,
    }),
    lineTaxRow(id),
    ...(quantity === 2 ? [] : [changeRow(context, name, "item_update", id, original)]),
  ];
}

function scarfRows(context: DemoContext, name: string): ExampleRow[] {
  const id = exampleId("item", `edit ${name} 2`);
  return [
    lineRow(context, { id, sku: SCARF, quantity: 1 }, context.ids("variant", SCARF), {
      order_edit_id: exampleId("oe", name),
    }),
    lineTaxRow(id),
    changeRow(context, name, "item_add", id, null),
  ];
}

const changeRow = (
  { now }: DemoContext,
  name: string,
  type: string,
  lineId: string,
  originalId: string | null,
): ExampleRow => [
  "order_item_change",
  {
    id: exampleId("oic", name),
    type,
    order_edit_id: exampleId("oe", name),
    line_item_id: lineId,
    original_line_item_id: originalId,
    ...createdDaysAgo(now, 1),
  },
];

function collectionRows(
  context: DemoContext,
  name: string,
  id: string,
  sessions: number,
): ExampleRow[] {
  const first = sessions === 2 ? 3000 : EDIT_DUE;
  const amounts = [first, EDIT_DUE - first].slice(0, sessions);
  return [
    [
      "payment_collection",
      {
        id,
        type: "order_edit",
        status: sessions > 0 ? "awaiting" : "not_paid",
        amount: EDIT_DUE,
        region_id: context.ids("reg", EXAMPLE_REGION),
        currency_code: "eur",
        created_by: "admin",
        ...createdDaysAgo(context.now, 1),
      },
    ],
    ...amounts.flatMap((amount, index): ExampleRow[] => {
      const session = `collection ${name} ${index + 1}`;
      return [
        sessionRow(context, session, amount),
        [
          "payment_collection_sessions",
          { payment_collection_id: id, payment_session_id: exampleId("ps", session) },
        ],
      ];
    }),
  ];
}
