import { type Field, MAX_INTEGER, productStatuses } from "./product-fields.ts";
import type { FieldValue } from "./product-input.ts";

/** The value of a cell, or a sentence that says what is wrong with it. */
export type CellValue = { readonly value?: FieldValue } | { readonly wrong: string };

/**
 * Returns the value of a cell. An empty cell empties the field, or leaves it if it must have a
 * value.
 */
export function readCell(cell: string, { type, required }: Field): CellValue {
  if (cell === "") return required ? {} : { value: null };
  if (type === "integer") return readInteger(cell);
  if (type === "boolean") return readBoolean(cell);
  if (type === "status") return readStatus(cell);
  return cell.includes("\u0000")
    ? { wrong: "has a NUL character, which cannot be stored" }
    : { value: cell };
}

function readInteger(cell: string): CellValue {
  const number = Number(cell);
  return /^-?\d+$/.test(cell.trim()) && Math.abs(number) <= MAX_INTEGER
    ? { value: number }
    : { wrong: `"${cell}" is not a whole number up to ${MAX_INTEGER}` };
}

function readBoolean(cell: string): CellValue {
  const word = cell.trim().toLowerCase();
  return word === "true" || word === "false"
    ? { value: word === "true" }
    : { wrong: `"${cell}" is neither true nor false` };
}

function readStatus(cell: string): CellValue {
  return productStatuses.some((status) => status === cell)
    ? { value: cell }
    : { wrong: `"${cell}" is not one of ${productStatuses.join(", ")}` };
}
