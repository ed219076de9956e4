import { editDistance } from "./edit-distance.ts";

/** A word of a query, and similarly spelled words of products. */
export interface QueryWord {
  readonly word: string;
  readonly alike: readonly string[];
}

/** One interpretation of a query, in the language of `tsquery`. */
export interface WordQuery {
  /** Every word as typed, or as a prefix. */
  readonly typed: string;
  /** The same with typos forgiven. */
  readonly forgiving: string;
  /** Any of the words in full, for the ranking. */
  readonly ranking: string;
}

/**
 * Returns how many letters of a word may be wrong: none below five letters, one from five letters,
 * two from nine letters.
 */
export function typosAllowed(word: string): number {
  const length = [...word].length;
  return length < 5 ? 0 : length < 9 ? 1 : 2;
}

/** The maximum number of spellings of a word that are searched for. */
const MAX_SPELLINGS = 10;

/**
 * Returns the queries to try, the strictest first: with all words, then without the last one, and
 * so on. Empty without words. Words consist of letters and digits, so they need no escaping beyond
 * their quotes.
 */
export function wordQueries(queryWords: readonly QueryWord[]): WordQuery[] {
  return queryWords.map((_, dropped) =>
    wordQuery(queryWords.slice(0, queryWords.length - dropped)),
  );
}

function wordQuery(queryWords: readonly QueryWord[]): WordQuery {
  return {
    typed: queryWords.map(({ word }) => beginning(word)).join(" & "),
    forgiving: queryWords
      .map((queryWord, index) => anyOf(spellings(queryWord, index === queryWords.length - 1)))
      .join(" & "),
    ranking: queryWords
      .map((queryWord, index) =>
        [queryWord.word, ...forgiven(queryWord, index === queryWords.length - 1)]
          .map(quoted)
          .join(" | "),
      )
      .join(" | "),
  };
}

function spellings(queryWord: QueryWord, isLast: boolean): string[] {
  return [beginning(queryWord.word), ...forgiven(queryWord, isLast).map(quoted)];
}

/** The words that may have been meant. The last word may be incomplete. */
function forgiven({ word, alike }: QueryWord, isLast: boolean): string[] {
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
