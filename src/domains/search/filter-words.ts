import { InvalidDataError } from "../../core/errors.ts";

interface Word {
  readonly text: string;
  /** Quoted words are never keywords. */
  readonly quoted: boolean;
}

/** Matches an operator, a quoted text or a plain word, as groups in this order. */
const WORD =
  /\s*(?:(!=|>=|<=|[=<>()[\],])|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s=<>!()[\],"']+))/y;

/** Splits a filter expression into words and reads them one after another. */
export class FilterWords {
  private readonly words: readonly Word[];
  private position = 0;

  /** @throws InvalidDataError if a quote is not closed, or a character has no meaning */
  constructor(expression: string) {
    this.words = split(expression.trim());
  }

  get atEnd(): boolean {
    return this.position >= this.words.length;
  }

  /** Returns the next word, whatever it is. */
  next(): string {
    return this.words[this.position++]?.text ?? "the end";
  }

  /**
   * Skips the next word if it is this keyword or operator; keywords in any case. Returns whether it
   * was.
   */
  accept(keyword: string): boolean {
    const word = this.words[this.position];
    if (!word || word.quoted || word.text.toUpperCase() !== keyword) return false;
    this.position++;
    return true;
  }

  /**
   * Skips the next word.
   * @throws InvalidDataError if the next word is not this keyword or operator
   */
  expect(keyword: string): void {
    if (!this.accept(keyword))
      throw new InvalidDataError(`filter expects ${keyword} instead of "${this.next()}"`);
  }

  /**
   * Returns the next word as a name or a value.
   * @throws InvalidDataError if the next word is an operator, or there is none
   */
  value(): string {
    const word = this.words[this.position];
    if (!word || (!word.quoted && /^[!=<>()[\],]/.test(word.text)))
      throw new InvalidDataError(`filter expects a name or a value instead of "${this.next()}"`);
    this.position++;
    return word.text;
  }

  /**
   * Returns the values of a list, such as `[a, "b c"]`.
   * @throws InvalidDataError if the list is malformed
   */
  list(): string[] {
    this.expect("[");
    const values: string[] = [];
    while (!this.accept("]")) {
      values.push(this.value());
      if (!this.accept(",")) {
        this.expect("]");
        break;
      }
    }
    return values;
  }
}

function split(expression: string): Word[] {
  const words: Word[] = [];
  WORD.lastIndex = 0;
  for (let end = 0; end < expression.length; end = WORD.lastIndex) {
    const match = WORD.exec(expression);
    if (!match)
      throw new InvalidDataError(`filter cannot be parsed at "${expression.slice(end, end + 30)}"`);
    const quoted = match[2] ?? match[3];
    words.push(
      quoted === undefined
        ? { text: match[1] ?? match[4]!, quoted: false }
        : { text: quoted.replaceAll(/\\(.)/gs, "$1"), quoted: true },
    );
  }
  return words;
}
