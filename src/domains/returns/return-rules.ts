import {
  DuplicateError,
  InvalidDataError,
  NotAllowedError,
  NotFoundError,
} from "../../core/errors.ts";

/** A line of some order, swap or claim, and whether that was canceled. */
export interface ReferencedLine {
  readonly id: string;
  readonly canceled: boolean;
}

/**
 * What comes back is there, and was not canceled.
 * @throws NotFound · InvalidData the first of the named lines that is not so
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
 * The lines that come back, in the order in which they are named. `held` tells how many pieces of a
 * line are on their way back already.
 * @throws InvalidData a line is not the order's · NotAllowed more than is left
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

/** A reason, and whether it has others below it, one of which is meant. */
export interface Reason {
  readonly id: string;
  readonly isCategory: boolean;
}

/**
 * What comes back is named once, for reasons that there are.
 * @throws InvalidData a reason has others below it · Duplicate a line is named twice · NotFound
 * there is no such reason
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
 * A shipping option that takes things back, of the order's region.
 * @throws NotFound there is none, or it is for the back office · InvalidData
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
