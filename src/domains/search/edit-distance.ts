/**
 * Returns how many letters must be added, removed, changed or swapped with their neighbour to turn
 * `typed` into `word`; with `asPrefix`, into any prefix of `word`.
 */
export function editDistance(typed: string, word: string, asPrefix = false): number {
  const [from, to] = [[...typed], [...word]];
  let beforeLast: number[] = [];
  let last = to.map((_, index) => index);
  last.push(to.length);
  for (let row = 1; row <= from.length; row++) {
    const next = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped =
        row > 1 &&
        column > 1 &&
        from[row - 1] === to[column - 2] &&
        from[row - 2] === to[column - 1];
      next[column] = Math.min(
        next[column - 1]! + 1,
        last[column]! + 1,
        last[column - 1]! + (same ? 0 : 1),
        swapped ? beforeLast[column - 2]! + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = next;
  }
  return asPrefix ? Math.min(...last) : last[to.length]!;
}
