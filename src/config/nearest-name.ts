import { distance } from "fastest-levenshtein";

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
    .map((name) => ({ name, mistakes: mistakesIn(plain, name) }))
    .toSorted((one, other) => one.mistakes - other.mistakes);
  const [nearest] = ranked;
  if (nearest && nearest.mistakes <= Math.max(1, Math.floor(plain.length / LETTERS_PER_MISTAKE)))
    return nearest.name;
  const [, own = ""] = plain.split(OUR_PREFIX);
  return plain.startsWith(OUR_PREFIX)
    ? (names.find((name) => name === own) ?? nearest?.name)
    : undefined;
}

/** Two neighbours that are exchanged are one mistake, and not two. */
function mistakesIn(written: string, name: string): number {
  const at = [...name].findIndex((letter, index) => letter !== written[index]);
  const exchanged = name.slice(0, at) + name[at + 1] + name[at] + name.slice(at + 2);
  return at >= 0 && exchanged === written ? 1 : distance(written, name);
}
