import { closest, distance } from "fastest-levenshtein";

/** A word is near if at most this share of its letters differs. */
const MAX_DIFFERENCE = 0.5;

/** Returns the known word that somebody probably meant, or undefined if none is near. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const lower = word.toLowerCase();
  const nearest = closest(lower, [...known]);
  const letters = Math.max(lower.length, nearest.length);
  return distance(lower, nearest.toLowerCase()) <= letters * MAX_DIFFERENCE ? nearest : undefined;
}
