import { InvalidDataError } from "../../core/errors.ts";
import { type Comparison, type Filter, filterable, filterName, priceCurrency } from "./filter.ts";
import { FilterWords } from "./filter-words.ts";

/** The maximum length of a filter, in characters. */
const MAX_LENGTH = 4000;
/** The maximum number of comparisons in a filter. */
const MAX_COMPARISONS = 100;
/** The maximum nesting of parentheses, `NOT` and lists. */
const MAX_DEPTH = 10;

/**
 * Parses a filter in the forms that MeiliSearch's clients send: an expression (`tags_value = New
 * AND prices.eur < 5000`); a list of expressions that must all hold, where of an inner list any
 * must hold; or an object of attributes (`{ "collection_id": ["pcol_1", "pcol_2"] }`). Returns
 * undefined without a filter.
 * @throws InvalidDataError saying what cannot be parsed
 */
export function readFilter(input: unknown): Filter | undefined {
  if (input === undefined || input === null || input === "") return;
  if (JSON.stringify(input).length > MAX_LENGTH) refuse(`is longer than ${MAX_LENGTH} characters`);
  const filter = readAny(input);
  if (comparisons(filter) > MAX_COMPARISONS) refuse(`has more than ${MAX_COMPARISONS} comparisons`);
  return filter;
}

function readAny(input: unknown): Filter {
  if (typeof input === "string") return readExpression(input);
  if (Array.isArray(input))
    return {
      all: input.map((part) =>
        Array.isArray(part) ? { any: part.map(expression) } : expression(part),
      ),
    };
  if (typeof input === "object" && input !== null)
    return { all: Object.entries(input).flatMap(([name, value]) => readMember(name, value)) };
  return refuse("must be an expression, a list of expressions or an object");
}

function expression(input: unknown): Filter {
  if (typeof input === "string") return readExpression(input);
  if (typeof input === "object" && input !== null && !Array.isArray(input)) return readAny(input);
  return refuse("must be an expression, a list of expressions or an object");
}

const BOUNDS: Readonly<Record<string, Comparison>> = { gt: ">", gte: ">=", lt: "<", lte: "<=" };

/**
 * Reads a property of a filter object, such as `"tags": ["ptag_1", "ptag_2"]`, `"is_giftcard":
 * false` or `"prices.eur": { "gte": 1000, "lt": 5000 }`.
 */
function readMember(name: string, value: unknown): Filter[] {
  if (typeof value !== "object" || value === null) return [equal(name, [text(name, value)])];
  if (Array.isArray(value))
    return [
      equal(
        name,
        value.map((one) => text(name, one)),
      ),
    ];
  return Object.entries(value).map(([bound, amount]) => {
    if (!Object.hasOwn(BOUNDS, bound)) refuse(`${name} allows gt, gte, lt and lte`);
    return compare(name, BOUNDS[bound]!, text(name, amount));
  });
}

function text(name: string, value: unknown): string {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return String(value);
  return refuse(`${name} must be compared with text, a number or true or false`);
}

/** OR binds weaker than AND, and AND weaker than NOT. */
function readExpression(input: string): Filter {
  const words = new FilterWords(input);
  const filter = readOr(words, 0);
  if (!words.atEnd) refuse(`has an unexpected "${words.next()}"`);
  return filter;
}

function readOr(words: FilterWords, depth: number): Filter {
  if (depth > MAX_DEPTH) refuse(`is nested more than ${MAX_DEPTH} levels deep`);
  const parts = [readAnd(words, depth)];
  while (words.accept("OR")) parts.push(readAnd(words, depth));
  return parts.length === 1 ? parts[0]! : { any: parts };
}

function readAnd(words: FilterWords, depth: number): Filter {
  const parts = [readNot(words, depth)];
  while (words.accept("AND")) parts.push(readNot(words, depth));
  return parts.length === 1 ? parts[0]! : { all: parts };
}

function readNot(words: FilterWords, depth: number): Filter {
  if (depth > MAX_DEPTH) refuse(`is nested more than ${MAX_DEPTH} levels deep`);
  if (words.accept("NOT")) return { not: readNot(words, depth + 1) };
  if (!words.accept("(")) return readComparison(words);
  const filter = readOr(words, depth + 1);
  words.expect(")");
  return filter;
}

function readComparison(words: FilterWords): Filter {
  const name = words.value();
  if (words.accept("NOT")) return { not: readTail(words, name) };
  return readTail(words, name);
}

function readTail(words: FilterWords, name: string): Filter {
  if (words.accept("EXISTS")) return { attribute: requireAttribute(name), exists: true };
  if (words.accept("IN")) return equal(name, words.list());
  for (const comparison of [">=", "<=", ">", "<"] as const)
    if (words.accept(comparison)) return compare(name, comparison, words.value());
  if (words.accept("!=")) return { not: equal(name, [words.value()]) };
  if (words.accept("=")) return equal(name, [words.value()]);
  const lowest = words.value();
  words.expect("TO");
  return { all: [compare(name, ">=", lowest), compare(name, "<=", words.value())] };
}

function equal(name: string, values: readonly string[]): Filter {
  if (priceCurrency(name)) return { any: values.map((value) => compare(name, "=", value)) };
  return { attribute: requireAttribute(name), oneOf: values };
}

function compare(name: string, comparison: Comparison, value: string): Filter {
  const currency = priceCurrency(name);
  if (!currency)
    return refuse(`${requireAttribute(name)} cannot be compared by ${comparison}; only prices can`);
  const amount = value.trim() === "" ? Number.NaN : Number(value);
  if (!Number.isFinite(amount))
    return refuse(`${name} must be compared with a number, not "${value.slice(0, 50)}"`);
  return { currency, comparison, amount };
}

function requireAttribute(name: string): string {
  return filterName(name) ?? refuse(`has no attribute "${name.slice(0, 50)}", only ${filterable}`);
}

function comparisons(filter: Filter): number {
  if ("all" in filter) return filter.all.reduce((sum, part) => sum + comparisons(part), 0);
  if ("any" in filter) return filter.any.reduce((sum, part) => sum + comparisons(part), 0);
  if ("not" in filter) return comparisons(filter.not);
  return "oneOf" in filter ? Math.max(filter.oneOf.length, 1) : 1;
}

function refuse(reason: string): never {
  throw new InvalidDataError(`filter ${reason}`);
}
