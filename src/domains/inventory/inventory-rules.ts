/** What is known of a variant's stock. */
export interface Stock {
  readonly manage_inventory: boolean;
  readonly allow_backorder: boolean;
  readonly inventory_quantity: number;
}

/** Whether there is enough of a variant: always where stock is not kept or may be owed. */
export function covers(stock: Stock, quantity: number): boolean {
  return stock.allow_backorder || !stock.manage_inventory || stock.inventory_quantity >= quantity;
}
