import { InvalidDataError } from "../../core/errors.ts";

interface Word {
  readonly text: string;
  /** Quoted words are never keywords. */
  readonly quoted: boolean;
}

/** An operator, a quoted text, or a plain word; in that order. */
const WORD =
  /\s*(?:(!=|>=|<=|[=<>()[\],])|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s=<>!()[\],"']+))/y;

/** The words of a filter expression, read one after another. */
export class FilterWords {
  private readonly words: readonly Word[];
  private position = 0;

  /** @throws InvalidData a quote that is never closed, or a character that means nothing */
  constructor(expression: string) {
    this.words = split(expression.trim());
  }

  get atEnd(): boolean {
    return this.position >= this.words.length;
  }

  /** The next word, whatever it is. */
  next(): string {
    return this.words[this.position++]?.text ?? "the end";
  }

  /** Goes past the next word if it is this keyword or operator; keywords in any case. */
  accept(keyword: string): boolean {
    const word = this.words[this.position];
    if (!word || word.quoted || word.text.toUpperCase() !== keyword) return false;
    this.position++;
    return true;
  }

  /** @throws InvalidData the next word is not this one */
  expect(keyword: string): void {
    if (!this.accept(keyword))
      throw new InvalidDataError(`filter expects ${keyword} where "${this.next()}" stands`);
  }

  /** @throws InvalidData the next word is an operator, or there is none */
  value(): string {
    const word = this.words[this.position];
    if (!word || (!word.quoted && /^[!=<>()[\],]/.test(word.text)))
      throw new InvalidDataError(`filter expects a name or a value where "${this.next()}" stands`);
    this.position++;
    return word.text;
  }

  /** `[a, "b c"]` */
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
    const found = WORD.exec(expression);
    if (!found)
      throw new InvalidDataError(
        `filter cannot be read from "${expression.slice(end, end + 30)}" on`,
      );
    const quoted = found[2] ?? found[3];
    words.push(
      quoted === undefined
        ? { text: found[1] ?? found[4]!, quoted: false }
        : { text: quoted.replaceAll(/\\(.)/gs, "$1"), quoted: true },
    );
  }
  return words;
}
