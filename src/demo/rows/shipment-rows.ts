import { createdDaysAgo, type DemoContext, daysBefore, type TableRows } from "./demo-context.ts";
import type { SoldItem } from "./sold-item.ts";

/** Goods of an order, or of a swap, that the admin has shipped. */
interface Shipment {
  readonly key: string;
  readonly of: { readonly order_id: string } | { readonly swap_id: string };
  readonly items: readonly SoldItem[];
  readonly shipped: { readonly daysAgo: number; readonly trackingNumber: string };
}

/** Returns the rows of a shipment with its tracking number, as the admin writes them. */
export function shipmentRows({ ids, now }: DemoContext, shipment: Shipment): TableRows[] {
  const { key, of, items, shipped } = shipment;
  const id = ids("ful", key);
  const timestamps = createdDaysAgo(now, shipped.daysAgo);
  return [
    {
      table: "fulfillment",
      rows: [
        {
          id,
          ...of,
          provider_id: "manual",
          tracking_numbers: JSON.stringify([]),
          data: {},
          metadata: {},
          shipped_at: daysBefore(now, shipped.daysAgo),
          ...timestamps,
        },
      ],
    },
    {
      table: "fulfillment_item",
      rows: items.map(({ line }) => ({
        fulfillment_id: id,
        item_id: line.id,
        quantity: line.quantity,
      })),
    },
    {
      table: "tracking_link",
      rows: [
        {
          id: ids("tlink", key),
          fulfillment_id: id,
          tracking_number: shipped.trackingNumber,
          ...timestamps,
        },
      ],
    },
  ];
}
