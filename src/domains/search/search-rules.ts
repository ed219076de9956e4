import { editDistance } from "./edit-distance.ts";

/** A word of a query as products spell it, and words of products that are spelt alike. */
export interface SoughtWord {
  readonly word: string;
  readonly alike: readonly string[];
}

/** One reading of a query, in the language of `tsquery`. */
export interface WordQuery {
  /** Every word, or a word that begins with it, as it was typed. */
  readonly typed: string;
  /** The same, misspelling forgiven. */
  readonly forgiving: string;
  /** Any of the words as a whole, for the order. */
  readonly whole: string;
}

/**
 * How many letters may be wrong: none in short words, one from five letters on, two from nine on.
 */
export function typosAllowed(word: string): number {
  const length = [...word].length;
  return length < 5 ? 0 : length < 9 ? 1 : 2;
}

/** At most so many spellings of a word are looked for. */
const MAX_SPELLINGS = 10;

/**
 * What to look for, the strictest first: all words; where nothing has them all, without the last
 * one, and so on. Empty without words. Words hold letters and digits only, so they need no escaping
 * beyond their quotes.
 */
export function wordQueries(sought: readonly SoughtWord[]): WordQuery[] {
  return sought.map((_, dropped) => wordQuery(sought.slice(0, sought.length - dropped)));
}

function wordQuery(sought: readonly SoughtWord[]): WordQuery {
  return {
    typed: sought.map(({ word }) => beginning(word)).join(" & "),
    forgiving: sought
      .map((one, index) => anyOf(spellings(one, index === sought.length - 1)))
      .join(" & "),
    whole: sought
      .map((one, index) =>
        [one.word, ...forgiven(one, index === sought.length - 1)].map(quoted).join(" | "),
      )
      .join(" | "),
  };
}

function spellings(one: SoughtWord, isLast: boolean): string[] {
  return [beginning(one.word), ...forgiven(one, isLast).map(quoted)];
}

/** The words that were meant, by a slip of the hand; the last word may still be being typed. */
function forgiven({ word, alike }: SoughtWord, isLast: boolean): string[] {
  const allowed = typosAllowed(word);
  if (allowed === 0) return [];
  return alike
    .filter((other) => !other.startsWith(word) && editDistance(word, other, isLast) <= allowed)
    .slice(0, MAX_SPELLINGS);
}

const quoted = (word: string) => `'${word}'`;
const beginning = (word: string) => `'${word}':*`;
const anyOf = (terms: readonly string[]) =>
  terms.length === 1 ? terms[0]! : `(${terms.join(" | ")})`;
