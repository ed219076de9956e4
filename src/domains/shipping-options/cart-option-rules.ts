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

/** What a cart's goods cost before discounts; in the smallest unit of the currency. */
export interface GoodsTotals {
  readonly subtotal: number;
  readonly item_tax_total: number;
}

/**
 * An option of the cart's region that a storefront may offer; one that the shop set for this cart
 * may be for the back office alone.
 * @throws NotFound · InvalidData it is of another region, or for returns
 */
export function mustBeOffered(option: Option, regionId: string, isCustom: boolean): void {
  if (option.admin_only && !isCustom)
    throw new NotFoundError(`Shipping Option with ${option.id} was not found`);
  if (option.is_return) throw new InvalidDataError("The shipping option is for returns");
  if (option.region_id !== regionId)
    throw new InvalidDataError("The shipping option is not available in the cart's region");
}

/**
 * Whether a cart's goods cost enough, and not too much; with their tax where the option's price
 * includes it.
 */
export function meetsRequirements(option: Option, goods: GoodsTotals): boolean {
  const amount = option.includes_tax ? goods.subtotal + goods.item_tax_total : goods.subtotal;
  return option.requirements.every((requirement) =>
    requirement.type === "max_subtotal"
      ? requirement.amount > amount
      : requirement.amount <= amount,
  );
}

/** @throws NotAllowed */
export function mustMeetRequirements(option: Option, goods: GoodsTotals): void {
  if (!meetsRequirements(option, goods))
    throw new NotAllowedError("The Cart does not satisfy the shipping option's requirements");
}
