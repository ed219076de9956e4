import { clientAt } from "../../support/api-client.ts";
import { unwrap } from "../create-in-admin.ts";
import { editProduct, type ProductEdit } from "./own-rows.ts";
import { pollUntil } from "./poll-until.ts";
import type { Takeover } from "./takeover.ts";

interface ShownProduct {
  readonly title: string;
  readonly variants: readonly [
    { readonly calculated_price: number; readonly inventory_quantity: number },
  ];
}

/** How many times a page is read so that its answer is kept in memory. */
const READS_TO_KEEP = 3;

/** Expects Nettle to show what Medusa's admin changes, also where it keeps an older answer. */
export async function proveEdits({ medusa, rows }: Takeover, nettle: string): Promise<string> {
  const store = clientAt(nettle);
  const path = `/store/products/${rows.shown.productId}?region_id=${rows.regionId}`;
  const read = async (): Promise<ShownProduct> => unwrap(store.get(path), "product");
  const edits: (ProductEdit & { isSeen(product: ShownProduct): boolean })[] = [
    { title: "A new title", isSeen: ({ title }) => title === "A new title" },
    { price: 4321, isSeen: ({ variants }) => variants[0].calculated_price === 4321 },
    { stock: 17, isSeen: ({ variants }) => variants[0].inventory_quantity === 17 },
  ];
  const delays: number[] = [];
  for (const { isSeen, ...edit } of edits) {
    const what = Object.keys(edit).join();
    for (let times = 0; times < READS_TO_KEEP; times++)
      if (isSeen(await read())) throw new Error(`Nettle shows the new ${what} too early`);
    await editProduct(medusa.admin, rows.shown, edit);
    delays.push(await pollUntil(`Nettle shows the new ${what}`, async () => isSeen(await read())));
  }
  return `title, price and stock after ${delays.map(Math.round).join(", ")} ms`;
}
