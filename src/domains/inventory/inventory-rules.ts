/** The stock of a variant. */
export interface Stock {
  readonly manage_inventory: boolean;
  readonly allow_backorder: boolean;
  readonly inventory_quantity: number;
}

/**
 * Returns whether the stock of a variant covers a quantity. It always does if inventory is not
 * managed or backorders are allowed.
 */
export function covers(stock: Stock, quantity: number): boolean {
  return stock.allow_backorder || !stock.manage_inventory || stock.inventory_quantity >= quantity;
}
