import type { CommandTools } from "../../commands/command-tools.ts";
import type { Transaction } from "../../commands/transaction.ts";
import { findVariantsForSale, type VariantForSale } from "../variants/variants-for-sale.ts";
import { mustBeQuantity, noPriceError, requireVariants } from "./cart-rules.ts";
import type { Cart, Line } from "./cart-tree.ts";
import { findDiscountCoverage } from "./load-pricing.ts";
import { newLine } from "./new-rows.ts";
import { recalculate } from "./recalculate.ts";

interface NewLines {
  readonly items: readonly { readonly variant_id: string; readonly quantity: number }[];
  /** The quantity that each variant is priced for, by variant id. Default: the line's quantity. */
  readonly pricedQuantities?: ReadonlyMap<string, number>;
  /** Columns of the new lines that differ from those of an ordinary line. */
  readonly columns?: Partial<Line>;
  readonly newId: CommandTools["newId"];
  readonly now: Date;
}

/** A cart with its new lines, and the variants of these lines in the same order. */
interface FilledCart {
  readonly cart: Cart;
  readonly variants: readonly VariantForSale[];
}

/**
 * Adds lines to a new cart. As in Medusa, they are never merged, and prices for customer groups do
 * not apply before the cart's next change.
 * @throws InvalidDataError if a variant does not exist or has no price, or a quantity is out of
 * bounds
 */
export async function addNewLines(
  trx: Transaction,
  cart: Cart,
  { items, pricedQuantities, columns, newId, now }: NewLines,
): Promise<FilledCart> {
  for (const { quantity } of items) mustBeQuantity(quantity);
  const ids = items.map(({ variant_id }) => variant_id);
  const variants = requireVariants(ids, await findVariantsForSale(trx, ids));
  const lines = items.map(({ quantity }, index) => {
    const { row: variant } = variants[index]!;
    const start = { id: newId("item"), cartId: cart.id, variant, quantity, metadata: {}, now };
    return { ...newLine(start), ...columns };
  });
  const filled = { ...cart, items: lines };
  const priced = recalculate(
    { ...filled, customer: null },
    {
      prices: new Map(lines.map((line, index) => [line.id, variants[index]!.prices])),
      pricedQuantities: new Map(
        lines.map(({ id, variant_id, quantity }) => [
          id,
          pricedQuantities?.get(variant_id!) ?? quantity,
        ]),
      ),
      unpriced: "drop",
      covered: await findDiscountCoverage(trx, filled),
      now,
    },
  );
  const unpriced = lines.findIndex((line) => !priced.items.some(({ id }) => id === line.id));
  if (unpriced >= 0) throw noPriceError(variants[unpriced]!);
  return { cart: { ...priced, customer: cart.customer }, variants };
}
