import {
  DuplicateError,
  InvalidDataError,
  NotAllowedError,
  NotFoundError,
} from "../../core/errors.ts";

/** A line of an order, swap or claim order, and whether that was canceled. */
export interface ReferencedLine {
  readonly id: string;
  readonly canceled: boolean;
}

/**
 * All lines exist, and none of them was canceled.
 * @throws NotFoundError if the first wrong line does not exist
 * @throws InvalidDataError if the first wrong line was canceled
 */
export function mustBeActiveLines(ids: readonly string[], found: readonly ReferencedLine[]): void {
  const lines = new Map(found.map((line) => [line.id, line]));
  for (const id of ids) {
    const line = lines.get(id);
    if (!line) throw new NotFoundError(`Line item with ${id} was not found`);
    if (line.canceled) throw new InvalidDataError("Cannot create a return for a canceled item.");
  }
}

interface Sold {
  readonly id: string;
  readonly quantity: number;
  readonly returned_quantity: number | null;
}

/**
 * Returns the lines to return, in the order of the input. `pending` holds the pending return
 * quantity of each line.
 * @throws InvalidDataError if a line is not one of `lines`
 * @throws NotAllowedError if a quantity is more than can be returned
 */
export function requireReturnableItems<
  L extends Sold,
  S extends { readonly item_id: string; readonly quantity: number },
>(
  lines: readonly L[],
  input: readonly S[],
  pending: ReadonlyMap<string, number>,
): { readonly line: L; readonly item: S }[] {
  const byId = new Map(lines.map((line) => [line.id, line]));
  return input.map((item) => {
    const line = byId.get(item.item_id);
    if (!line) throw new InvalidDataError("Return contains invalid line item");
    const remaining = line.quantity - (line.returned_quantity ?? 0) - (pending.get(line.id) ?? 0);
    if (item.quantity > remaining)
      throw new NotAllowedError("Cannot return more items than have been purchased");
    return { line, item };
  });
}

/** A return reason. A category has other reasons below it, one of which must be chosen. */
export interface Reason {
  readonly id: string;
  readonly isCategory: boolean;
}

/**
 * Each line is listed once, and all reasons exist and can be chosen.
 * @throws InvalidDataError if a reason has reasons below it
 * @throws DuplicateError if a line is listed twice
 * @throws NotFoundError if a reason does not exist
 */
export function mustBeValidItems(
  returnId: string,
  input: readonly { readonly item_id: string; readonly reason_id?: string | null | undefined }[],
  reasons: readonly Reason[],
): void {
  if (reasons.some(({ isCategory }) => isCategory))
    throw new InvalidDataError("Cannot apply return reason category");
  const duplicate = input.find(
    ({ item_id }, index) => input.findIndex((other) => other.item_id === item_id) < index,
  );
  if (duplicate)
    throw new DuplicateError(
      `Return_item with return_id, item_id ${returnId}, ${duplicate.item_id} already exists.`,
    );
  const known = new Set(reasons.map(({ id }) => id));
  const unknown = input.find(
    ({ reason_id }) => typeof reason_id === "string" && !known.has(reason_id),
  );
  if (unknown)
    throw new NotFoundError(`Return_reason with reason_id ${unknown.reason_id} does not exist.`);
}

/**
 * Returns a shipping option for returns in the order's region.
 * @throws NotFoundError if the option does not exist, or is for the back office only
 * @throws InvalidDataError if the option is not for returns, or is for another region
 */
export function requireReturnOption<
  O extends {
    readonly region_id: string;
    readonly is_return: boolean;
    readonly admin_only: boolean;
  },
>(option: O | undefined, id: string, regionId: string): O {
  if (!option || option.admin_only)
    throw new NotFoundError(`Shipping Option with ${id} was not found`);
  if (!option.is_return) throw new InvalidDataError("The shipping option is not for returns");
  if (option.region_id !== regionId)
    throw new InvalidDataError("The shipping option is not available in the order's region");
  return option;
}
