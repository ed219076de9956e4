/** A variant of the demo shop and how many of it. */
export interface DemoItem {
  sku: string;
  quantity: number;
}

/** Goods of an order that come back. */
interface DemoReturn {
  items: readonly DemoItem[];
  /** `value` of a return reason. */
  reason: string;
  note?: string;
  /** How many days before the seeding it was requested. */
  requestedDaysAgo: number;
  /** How many days before the seeding the goods arrived; undefined if they are on their way. */
  receivedDaysAgo?: number;
}

/** An order of the demo customer, and what became of it. */
export interface DemoOrder {
  /** Distinguishes its rows from those of other orders. */
  key: string;
  /** Key of its region, which its address is in. */
  region: string;
  items: readonly DemoItem[];
  /** A discount code in percent of the whole order. */
  code?: string;
  shipping: "standard" | "express" | "free";
  /** How many days before the seeding it was placed. */
  placedDaysAgo: number;
  shipped?: { daysAgo: number; trackingNumber: string };
  return?: DemoReturn;
  /** Other goods for those that come back: confirmed, paid and shipped. */
  swap?: DemoReturn & {
    additional: DemoItem;
    confirmedDaysAgo: number;
    shipped: { daysAgo: number; trackingNumber: string };
  };
  /** More goods that the shop proposes; the customer has not answered yet. */
  edit?: { added: DemoItem; note: string; requestedDaysAgo: number };
}

/** The orders of the demo customer, in the order in which they were placed. */
export const demoOrders: readonly DemoOrder[] = [
  {
    key: "received return",
    region: "europe",
    items: [
      { sku: "HT-MERINO-M-INK", quantity: 1 },
      { sku: "HT-NOTES-DOTTED-MOSS", quantity: 2 },
    ],
    code: "WELCOME10",
    shipping: "standard",
    placedDaysAgo: 29,
    shipped: { daysAgo: 28, trackingNumber: "3SHNTR100482913" },
    return: {
      items: [{ sku: "HT-MERINO-M-INK", quantity: 1 }],
      reason: "too_small",
      note: "Fits like a postcard",
      requestedDaysAgo: 24,
      receivedDaysAgo: 19,
    },
  },
  {
    key: "swap",
    region: "europe",
    items: [{ sku: "HT-DROVER-40L-SAND", quantity: 1 }],
    shipping: "free",
    placedDaysAgo: 20,
    shipped: { daysAgo: 19, trackingNumber: "3SHNTR100517266" },
    swap: {
      items: [{ sku: "HT-DROVER-40L-SAND", quantity: 1 }],
      reason: "too_small",
      additional: { sku: "HT-DROVER-65L-SAND", quantity: 1 },
      requestedDaysAgo: 15,
      confirmedDaysAgo: 15,
      shipped: { daysAgo: 12, trackingNumber: "3SHNTR100530871" },
      receivedDaysAgo: 11,
    },
  },
  {
    key: "shipped",
    region: "united-kingdom",
    items: [
      { sku: "HT-MOORLAND-MOSS", quantity: 1 },
      { sku: "HT-SOCKS-4447-INK", quantity: 2 },
    ],
    shipping: "free",
    placedDaysAgo: 12,
    shipped: { daysAgo: 10, trackingNumber: "RM204417935GB" },
  },
  {
    key: "requested return",
    region: "europe",
    items: [
      { sku: "HT-LONGDAY-075L-PINE", quantity: 1 },
      { sku: "HT-WALKS-HARDBACK", quantity: 1 },
    ],
    shipping: "standard",
    placedDaysAgo: 8,
    shipped: { daysAgo: 7, trackingNumber: "3SHNTR100558420" },
    return: {
      items: [{ sku: "HT-LONGDAY-075L-PINE", quantity: 1 }],
      reason: "damaged",
      note: "The lid does not close",
      requestedDaysAgo: 3,
    },
  },
  {
    key: "edit",
    region: "europe",
    items: [
      { sku: "HT-EMBER-ONESIZE", quantity: 1 },
      { sku: "HT-SCREE-SAND", quantity: 1 },
    ],
    shipping: "free",
    placedDaysAgo: 2,
    edit: {
      added: { sku: "HT-HUTBOOK-HARDBACK", quantity: 1 },
      note: "Mara asked by phone for the cookbook",
      requestedDaysAgo: 1,
    },
  },
  {
    key: "placed",
    region: "europe",
    items: [{ sku: "HT-CAIRN-MOSS", quantity: 1 }],
    shipping: "express",
    placedDaysAgo: 0.2,
  },
];
