/** What the shop sells, and how carts are completed, as its settings say. */
export interface SalesRules {
  /** Whether products that are not published are sold. */
  readonly sellsUnpublished: boolean;
  /**
   * Which carts with goods to ship are completed without a shipping method: `allow` all of them,
   * `never_chosen` those that never had a method, `refuse` none.
   */
  readonly withoutShipping: "allow" | "never_chosen" | "refuse";
}
