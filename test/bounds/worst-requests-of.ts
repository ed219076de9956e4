/** A part of a JSON schema, as the API document has it. */
type Schema = Readonly<Record<string, unknown>>;

/** An operation of the API document. */
export interface Operation {
  readonly method: "get" | "post" | "delete";
  /** `/store/carts/{id}` */
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; schema: Schema }[];
  readonly body: Schema | undefined;
}

/** A request to be sent. */
export interface WorstRequest {
  readonly method: Operation["method"];
  readonly path: string;
  readonly body: unknown;
}

/** What exists in the shop, by the names that parameters and properties have. */
export interface Known {
  readonly ids: Readonly<Record<string, readonly string[]>>;
  /** The relations that an operation's answers may be expanded by. */
  readonly relations: readonly string[];
  readonly fields: readonly string[];
}

/** As many as fit into a query string that the HTTP server takes. */
const QUERY_BYTES = 12_000;
/** Just below the bounds of texts and of free values in bodies. */
const LONG_TEXT_BYTES = 16_000;
const FREE_VALUE = { text: "x".repeat(LONG_TEXT_BYTES) };
/** How much of a body is long texts and free values, so that most bodies are not too large. */
const LONG_BYTES_OF_A_BODY = 70_000;
const LENGTHS = [1, 10, 40, 250];
const TEXTS = ["a %_\\", "e", "product ", "%_", "ü"];
const FILTERS = [
  'title = "a"',
  `title IN [${'"a",'.repeat(500)}"b"]`,
  Array.from({ length: 100 }, (_, number) => `title = "${number}"`).join(" OR "),
  ["is_giftcard = false", ...Array.from({ length: 50 }, () => "NOT handle = a")],
];
const DATES = ["2020-01-01T00:00:00.000Z", "2090-01-01T00:00:00.000Z"];

/** Returns the operations of an API document that belong to storefronts. */
export function operationsOf(document: { paths: Record<string, unknown> }): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Schema>)
      .filter(() => path.startsWith("/store/"))
      .map(([method, { parameters = [], requestBody }]) => ({
        method: method as Operation["method"],
        path,
        parameters: parameters as Operation["parameters"],
        body: (requestBody as { content?: Record<string, { schema: Schema }> } | undefined)
          ?.content?.["application/json"]?.schema,
      })),
  );
}

/**
 * Makes up the worst requests that an operation allows: as many rows, relations, values, texts and
 * bytes as it takes, in combinations that the seed decides.
 */
export class WorstRequests {
  #state: number;
  #longBytes = 0;

  constructor(
    private readonly known: Known,
    seed: number,
  ) {
    this.#state = seed * 2_654_435_761 + 1;
  }

  of({ method, path, parameters, body }: Operation): WorstRequest {
    this.#longBytes = 0;
    const at = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(this.#id(`${path}#${name}`) ?? this.#id(name) ?? "x".repeat(200)),
    );
    const query = parameters
      .filter((parameter) => parameter.in === "query" && !this.#isOneIn(3))
      .flatMap(({ name, schema }) => this.#parameter(name, schema));
    return {
      method,
      path: `${at}?${query.join("&").slice(0, QUERY_BYTES)}`,
      body: body && this.#value("", body),
    };
  }

  #parameter(name: string, schema: Schema): string[] {
    const pair = (key: string, value: unknown) => `${key}=${encodeURIComponent(String(value))}`;
    if (name === "expand")
      return [`expand=${this.#some(this.known.relations, this.#one([30, 30, 200]))}`];
    if (name === "fields") return [`fields=${this.#some(this.known.fields, 60)}`];
    const [type, properties] = [typeOf(schema), schema["properties"]];
    if (properties) {
      const below = Object.entries(properties as Record<string, Schema>);
      return below.flatMap(([key, one]) => this.#parameter(`${name}[${key}]`, one));
    }
    const length = type === "array" ? this.#one(LENGTHS) : 1;
    const item = (schema["items"] ?? schema) as Schema;
    return Array.from({ length }, () => pair(name, this.#scalar(name, item, 500 / length + 10)));
  }

  #value(name: string, schema: Schema): unknown {
    const choices = (schema["anyOf"] ?? schema["oneOf"] ?? schema["allOf"]) as Schema[] | undefined;
    if (choices) return this.#value(name, this.#one(choices));
    const properties = schema["properties"] as Record<string, Schema> | undefined;
    if (properties) {
      const required = (schema["required"] ?? []) as string[];
      const sent = Object.entries(properties).filter(
        ([key]) => required.includes(key) || !this.#isOneIn(4),
      );
      return Object.fromEntries(sent.map(([key, one]) => [key, this.#value(key, one)]));
    }
    if (schema["items"] || typeOf(schema) === "array") {
      const length = this.#one(LENGTHS);
      return Array.from({ length }, () => this.#value(name, (schema["items"] ?? {}) as Schema));
    }
    if (name === "filter") return this.#one(FILTERS);
    if (typeOf(schema) === "object" || typeOf(schema) === undefined)
      return this.#mayBeLong() ? FREE_VALUE : {};
    return this.#scalar(name, schema, LONG_TEXT_BYTES);
  }

  #scalar(name: string, schema: Schema, bytes: number): unknown {
    const type = typeOf(schema);
    if (schema["enum"]) return this.#one(schema["enum"] as unknown[]);
    if (type === "boolean") return this.#one([true, false]);
    if (name === "limit") return this.#one([1000, 200]);
    if (name === "offset") return this.#one([0, 0, 2_147_483_647]);
    if (type === "integer" || type === "number")
      return this.#one([1, 10_000, 2_147_483_647, schema["maximum"] ?? 100]);
    if (/_at\[[gl]te?\]$/.test(name)) return this.#one(DATES);
    const known = this.#id(name.replace(/\[\]$/, ""));
    if (known !== undefined && !this.#isOneIn(6)) return known;
    const length = bytes < LONG_TEXT_BYTES || this.#mayBeLong() ? bytes : 20;
    const text = this.#one(TEXTS);
    return text.repeat(Math.ceil(length / text.length)).slice(0, length);
  }

  #mayBeLong(): boolean {
    this.#longBytes += LONG_TEXT_BYTES;
    return this.#longBytes <= LONG_BYTES_OF_A_BODY;
  }

  #id(name: string): string | undefined {
    const ids = this.known.ids[name];
    return ids && this.#one(ids);
  }

  #some(list: readonly string[], limit: number): string {
    const count = Math.min(list.length, this.#one([limit, Math.ceil(limit / 2), 4]));
    return Array.from({ length: count }, () => this.#one(list)).join(",");
  }

  #isOneIn(parts: number): boolean {
    return this.#next() < 1 / parts;
  }

  #one<T>(list: readonly T[]): T {
    return list[Math.floor(this.#next() * list.length)] as T;
  }

  #next(): number {
    this.#state = (this.#state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return this.#state / 4_294_967_296;
  }
}

function typeOf(schema: Schema): unknown {
  const [type] = [schema["type"]].flat();
  return type;
}
