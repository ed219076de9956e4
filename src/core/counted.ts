/**
 * Returns a number with its noun: `1 row`, `20,000 rows`. What follows may depend on the number,
 * too: `counted(rows, "row is new", "rows are new")`.
 */
export const counted = (count: number, singular: string, plural = `${singular}s`): string =>
  `${count.toLocaleString("en")} ${count === 1 ? singular : plural}`;
