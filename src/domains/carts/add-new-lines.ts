import type { CommandTools } from "../../commands/command-tools.ts";
import type { Transaction } from "../../commands/transaction.ts";
import type { RequestContext } from "../../core/request-context.ts";
import { findVariantsForSale, type VariantForSale } from "../variants/variants-for-sale.ts";
import { mustBeQuantity, noPriceError, requireVariants } from "./cart-rules.ts";
import type { Cart, Line } from "./cart-tree.ts";
import { newLine } from "./new-rows.ts";
import { recalculate } from "./recalculate.ts";
import type { SalesRules } from "./sales-rules.ts";

interface NewLines {
  readonly items: readonly { readonly variant_id: string; readonly quantity: number }[];
  /** Columns of the new lines that differ from those of an ordinary line. */
  readonly columns?: Partial<Line>;
  readonly newId: CommandTools["newId"];
  readonly sales: SalesRules;
}

/** A cart with its new lines, and the variants of these lines in the same order. */
interface FilledCart {
  readonly cart: Cart;
  readonly variants: readonly VariantForSale[];
}

/**
 * Adds lines to a new cart, priced like lines that are added one by one. As in Medusa, they are
 * never merged.
 * @throws InvalidDataError if a variant is not for sale or has no price, or a quantity is out of
 * bounds
 */
export async function addNewLines(
  trx: Transaction,
  ctx: RequestContext,
  cart: Cart,
  { items, columns, newId, sales }: NewLines,
): Promise<FilledCart> {
  for (const { quantity } of items) mustBeQuantity(quantity);
  const ids = items.map(({ variant_id }) => variant_id);
  const found = await findVariantsForSale(trx, ids);
  const variants = requireVariants(ids, found, sales);
  const lines = items.map(({ quantity }, index) => {
    const { row: variant } = variants[index]!;
    const start = {
      id: newId("item"),
      cartId: cart.id,
      variant,
      quantity,
      metadata: {},
      now: ctx.now,
    };
    return { ...newLine(start), ...columns };
  });
  const priced = await recalculate(
    trx,
    ctx,
    { ...cart, items: lines },
    { added: new Set(lines.map(({ id }) => id)), variants: found },
  );
  const unpriced = lines.findIndex((line) => !priced.items.some(({ id }) => id === line.id));
  if (unpriced >= 0) throw noPriceError(variants[unpriced]!);
  return { cart: priced, variants };
}
