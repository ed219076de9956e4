import { InvalidDataError, NotAllowedError, NotFoundError } from "../../core/errors.ts";

interface Requirement {
  readonly type: string;
  readonly amount: number;
}

interface Option {
  readonly id: string;
  readonly region_id: string;
  readonly admin_only: boolean;
  readonly is_return: boolean;
  readonly includes_tax: boolean;
  readonly requirements: readonly Requirement[];
}

/** The price of a cart's goods before discounts: integers in the currency's smallest unit. */
export interface GoodsTotals {
  readonly subtotal: number;
  readonly item_tax_total: number;
}

/**
 * Requires an option of the cart's region that a storefront may offer. An option that the shop set
 * for this cart (`isCustom`) may be for the admin only.
 * @throws NotFoundError if the option is for the admin only
 * @throws InvalidDataError if the option is for returns, or of another region
 */
export function mustBeOffered(option: Option, regionId: string, isCustom: boolean): void {
  if (option.admin_only && !isCustom)
    throw new NotFoundError(`Shipping Option with ${option.id} was not found`);
  if (option.is_return) throw new InvalidDataError("The shipping option is for returns");
  if (option.region_id !== regionId)
    throw new InvalidDataError("The shipping option is not available in the cart's region");
}

/**
 * Returns whether a cart's goods cost enough, and not too much, for an option; with their tax if
 * the option's price includes tax.
 */
export function meetsRequirements(option: Option, goods: GoodsTotals): boolean {
  const amount = option.includes_tax ? goods.subtotal + goods.item_tax_total : goods.subtotal;
  return option.requirements.every((requirement) =>
    requirement.type === "max_subtotal"
      ? requirement.amount > amount
      : requirement.amount <= amount,
  );
}

/**
 * Requires a cart that meets the requirements of an option.
 * @throws NotAllowedError if it does not
 */
export function mustMeetRequirements(option: Option, goods: GoodsTotals): void {
  if (!meetsRequirements(option, goods))
    throw new NotAllowedError("The Cart does not satisfy the shipping option's requirements");
}
