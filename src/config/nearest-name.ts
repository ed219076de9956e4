const OUR_PREFIX = "NETTLE_";
/** One mistake for so many letters. */
const LETTERS_PER_MISTAKE = 5;

/**
 * Returns the name that somebody means who writes another one: with a few letters more, fewer,
 * different or exchanged, or in small letters. Undefined where it may be another program's.
 */
export function nearestName(written: string, names: readonly string[]): string | undefined {
  const plain = written.toUpperCase().replaceAll(/[-.]/g, "_");
  const ranked = names
    .map((name) => ({ name, distance: distanceOf(plain, name) }))
    .toSorted((one, other) => one.distance - other.distance);
  const [nearest] = ranked;
  if (nearest && nearest.distance <= Math.max(1, Math.floor(plain.length / LETTERS_PER_MISTAKE)))
    return nearest.name;
  const [, own = ""] = plain.split(OUR_PREFIX);
  return plain.startsWith(OUR_PREFIX)
    ? (names.find((name) => name === own) ?? nearest?.name)
    : undefined;
}

/** Returns how many letters must be added, removed, replaced or exchanged with the next one. */
function distanceOf(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = last[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1);
      const isExchanged = i > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const exchanged = isExchanged ? beforeLast[j - 2]! + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(replaced, last[j]! + 1, row[j - 1]! + 1, exchanged));
    }
    [beforeLast, last] = [last, row];
  }
  return last.at(-1)!;
}
