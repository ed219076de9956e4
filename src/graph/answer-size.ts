import type { Entity } from "./entity.ts";

/**
 * Returns the function that measures a fetched row as JSON, in bytes: its shown columns, from an
 * index on. A row is measured before it is linked with others, since a row that many share is
 * printed many times.
 */
export function rowSizer(
  entity: Entity,
  columns: readonly string[],
  begin: number,
): (row: readonly unknown[]) => number {
  const names = columns.reduce((sum, column) => sum + column.length + 4, 2);
  const isJson = columns.map((column) => /^json\b/.test(String(entity.columns[column])));
  return (row) => {
    let size = names;
    for (let index = 0; index < columns.length; index++)
      size += sizeOf(row[index + begin], isJson[index] ?? false);
    return size;
  };
}

function sizeOf(value: unknown, isJson: boolean): number {
  if (value === null) return 4;
  if (typeof value === "string" && !isJson) return value.length + 2;
  if (typeof value === "object" || isJson) return JSON.stringify(value)?.length ?? 0;
  return 8;
}
