import { type PreparedText, prepareText, queryPrepared } from "./query-prepared.ts";
import { sendAhead, type Transaction } from "./transaction.ts";

/** A row to write; it always has an id. */
export interface WrittenRow {
  readonly id: string;
}

/**
 * A table and its columns that are written: `inserted` in new rows, `changed` in existing ones, in
 * addition to the id.
 */
export interface TableMapping {
  readonly name: string;
  readonly inserted: readonly string[];
  readonly changed: readonly string[];
  /** Whether the table has a column `updated_at` to set. */
  readonly hasUpdatedAt: boolean;
  /** Whether an added row that exists already stays as it is, instead of being an error. */
  readonly ignoresExisting?: boolean;
}

/** Changes of a table's rows. */
export interface RowChanges {
  readonly removed: readonly string[];
  readonly changed: readonly WrittenRow[];
  readonly added: readonly WrittenRow[];
}

/** Returns the changes that only add these rows. */
export function added<R extends WrittenRow>(rows: readonly R[]): RowChanges {
  return { removed: [], changed: [], added: rows };
}

/**
 * Returns the changes from the rows `before` to the rows `after`, matched by id. Only columns that
 * are written count.
 */
export function changesBetween(
  { changed }: TableMapping,
  before: readonly WrittenRow[],
  after: readonly WrittenRow[],
): RowChanges {
  const former = new Map(before.map((row) => [row.id, row]));
  const remainingIds = new Set(after.map((row) => row.id));
  const differs = (row: WrittenRow) => {
    const other = former.get(row.id);
    return (
      other !== undefined &&
      other !== row &&
      changed.some((column) => !isSame(columnOf(row, column), columnOf(other, column)))
    );
  };
  return {
    removed: before.filter((row) => !remainingIds.has(row.id)).map((row) => row.id),
    changed: after.filter(differs),
    added: after.filter((row) => !former.has(row.id)),
  };
}

function columnOf(row: WrittenRow, column: string): unknown {
  return Reflect.get(row, column);
}

function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  return (
    typeof one === "object" &&
    typeof other === "object" &&
    JSON.stringify(one) === JSON.stringify(other)
  );
}

const texts = new Map<TableMapping, PreparedText>();

/**
 * Writes the changes in one statement, or in none if there are none. It is sent ahead. Returns
 * whether there were any. Columns take their types from the table.
 */
export function saveRows(
  trx: Transaction,
  table: TableMapping,
  { removed, changed, added }: RowChanges,
): boolean {
  if (removed.length + changed.length + added.length === 0) return false;
  const text = texts.get(table) ?? prepareText(textFor(table));
  texts.set(table, text);
  const saved = queryPrepared(trx, text, [
    [...removed],
    JSON.stringify(changed.map((row) => pick(row, ["id", ...table.changed]))),
    JSON.stringify(added.map((row) => pick(row, ["id", ...table.inserted]))),
  ]);
  sendAhead(trx, saved);
  return true;
}

function pick(row: WrittenRow, columns: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(columns.map((column) => [column, columnOf(row, column) ?? null]));
}

function textFor({ name, inserted, changed, hasUpdatedAt, ignoresExisting }: TableMapping): string {
  const sets = [
    ...changed.map((column) => `"${column}" = r."${column}"`),
    ...(hasUpdatedAt ? ["updated_at = now()"] : []),
  ];
  const columns = ["id", ...inserted].map((column) => `"${column}"`).join(", ");
  const rows = (parameter: string) =>
    `jsonb_populate_recordset(null::"${name}", ${parameter}::jsonb)`;
  const onConflict = ignoresExisting ? " on conflict (id) do nothing" : "";
  return `with removed as (delete from "${name}" where id = any($1)),
    changed as (update "${name}" t set ${sets.join(", ")} from ${rows("$2")} r where t.id = r.id)
    insert into "${name}" (${columns}) select ${columns} from ${rows("$3")}${onConflict}`;
}

/** A table that links two others. */
export interface JoinTable {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Replaces a row's links `before` by `after` in one statement, or in none if they are the same. It
 * is sent ahead. Returns whether they differ.
 */
export function saveLinks(
  trx: Transaction,
  { name, from, to }: JoinTable,
  id: string,
  before: readonly string[],
  after: readonly string[],
): boolean {
  if (before.length === after.length && after.every((other) => before.includes(other)))
    return false;
  const text = prepareText(`with removed as (
      delete from "${name}" where "${from}" = $1 and not "${to}" = any($2))
    insert into "${name}" ("${from}", "${to}")
      select $1, unnest($2::text[]) on conflict do nothing`);
  sendAhead(trx, queryPrepared(trx, text, [id, [...after]]));
  return true;
}
