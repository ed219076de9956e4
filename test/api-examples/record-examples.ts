import { demoCustomer } from "../../src/demo/demo-shop.ts";
import { exampleId } from "../../src/demo/examples/example-parts.ts";
import { accountSamples, mailedTokenSamples } from "./account-samples.ts";
import { cartSamples, completionSamples, paymentSamples } from "./cart-samples.ts";
import { catalogueSamples } from "./catalogue-samples.ts";
import { orderSamples } from "./order-samples.ts";
import type { DemoFacts, Sample, SampleRefusal, SampleRequest } from "./sample.ts";

/** What a server answered. */
export interface RecordedAnswer {
  readonly status: number;
  /** JSON, or a text; null for none. */
  readonly body: unknown;
}

/** The examples of one operation, as the API document shows them. */
export interface RecordedOperation {
  readonly request: SampleRequest;
  /** Missing where the demo shop cannot answer: the operation needs a token from a mail. */
  readonly answer?: RecordedAnswer;
  readonly refusals: readonly (RecordedAnswer & { readonly title: string })[];
}

export type RecordedExamples = Readonly<Record<string, RecordedOperation>>;

/** Lists in the examples are cut to this length. */
const MAX_ENTRIES = 2;

/**
 * Sends the samples to a new demo shop and returns what it answers. Samples are sent in their
 * order, each once.
 * @throws Error that names every answer with another status than its sample says
 */
export async function recordExamples(url: string): Promise<RecordedExamples> {
  const token = await logIn(url);
  const facts = await readFacts(url, token);
  const keyed = await findKeyedOperations(url);
  await send(url, "POST /store/carts", { headers: usedKey.headers });
  const recorded: [string, RecordedOperation][] = [];
  const failures: string[] = [];
  for (const sample of [
    ...catalogueSamples(facts),
    ...accountSamples(facts),
    ...cartSamples(facts),
    ...paymentSamples,
    ...completionSamples,
    ...orderSamples(facts),
  ])
    recorded.push([
      sample.operation,
      await recordSample(url, keyed.has(sample.operation) ? withUsedKey(sample) : sample, {
        token,
        failures,
      }),
    ]);
  for (const sample of mailedTokenSamples) {
    const unanswered = await recordSample(url, sample, { token, failures }, false);
    recorded.push([sample.operation, unanswered]);
  }
  if (failures.length > 0) throw new Error(failures.join("\n"));
  return Object.fromEntries(recorded.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** A refusal of every operation that heeds an Idempotency-Key. */
const usedKey = {
  title: "The Idempotency-Key of another request",
  status: 422,
  headers: { "idempotency-key": "0b6f4c1e-4d0c-4b7e-9f53-0f6d7c1f2a55" },
} satisfies SampleRefusal;

const withUsedKey = (sample: Sample): Sample => ({
  ...sample,
  refusals: [...sample.refusals, usedKey],
});

/** Reads from the API document which operations heed an Idempotency-Key. */
async function findKeyedOperations(url: string): Promise<ReadonlySet<string>> {
  const document = (await send(url, "GET /openapi.json", {})).body as {
    paths: Record<string, Record<string, { parameters: readonly { name: string }[] }>>;
  };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { parameters }]) => parameters.some(({ name }) => name === "Idempotency-Key"))
      .map(([method]) => `${method.toUpperCase()} ${path}`),
  );
  return new Set(operations);
}

async function recordSample(
  url: string,
  { operation, login, refusals, ...request }: Sample,
  { token, failures }: { readonly token: string; readonly failures: string[] },
  answers = true,
): Promise<RecordedOperation> {
  const bearer = { authorization: `Bearer ${token}` };
  const recorded = [];
  for (const { title, status, loggedOut, ...change } of refusals) {
    const headers = login && !loggedOut ? bearer : {};
    const refused = await send(url, operation, { ...request, ...change }, headers);
    if (refused.status !== status)
      failures.push(`${operation}, ${title}: ${refused.status} ${JSON.stringify(refused.body)}`);
    recorded.push({ title, ...refused });
  }
  if (!answers) return { request, refusals: recorded };
  const answer = await send(url, operation, request, login ? bearer : {});
  if (answer.status >= 300)
    failures.push(`${operation}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return { request, answer: { ...answer, body: shortened(answer.body) }, refusals: recorded };
}

/** Sends a request, and returns the answer with its body as JSON or text. */
export async function send(
  url: string,
  operation: string,
  { params = {}, query = {}, headers = {}, body }: SampleRequest,
  more: Readonly<Record<string, string>> = {},
): Promise<RecordedAnswer> {
  const [method = "", path = ""] = operation.split(" ");
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(params[name] ?? ""));
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const answer = await fetch(`${url}${filled}${search.size > 0 ? `?${search}` : ""}`, {
    method,
    headers: {
      ...headers,
      ...more,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get("content-type")?.includes("json");
  return { status: answer.status, body: isJson ? JSON.parse(text) : text === "" ? null : text };
}

function shortened(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).map(shortened);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shortened(part)]));
}

async function logIn(url: string): Promise<string> {
  const { body } = await send(url, "POST /store/auth/token", { body: { ...demoCustomer } });
  return (body as { access_token: string }).access_token;
}

type Rows = readonly { readonly id: string; readonly [column: string]: unknown }[];

async function readFacts(url: string, token: string): Promise<DemoFacts> {
  const read = async (path: string): Promise<Record<string, unknown>> =>
    (await send(url, `GET ${path}`, {}, { authorization: `Bearer ${token}` })).body as Record<
      string,
      unknown
    >;
  const regions = (await read("/store/regions"))["regions"] as Rows;
  const regionId = regions.find(({ name }) => name === "Europe")!.id;
  const [product] = (await read("/store/products?handle=tarn-mug"))["products"] as Rows;
  const variants = product!["variants"] as Rows;
  const options = (await read(`/store/shipping-options?region_id=${regionId}`))[
    "shipping_options"
  ] as Rows;
  const customer = (await read("/store/customers/me"))["customer"] as Rows[number];
  const addresses = customer["shipping_addresses"] as Rows;
  const order = (await read(`/store/orders/${exampleId("order", "sent")}`))[
    "order"
  ] as Rows[number];
  const first = async (path: string, name: string) => ((await read(path))[name] as Rows)[0]!.id;
  return {
    regionId,
    productId: product!.id,
    variantId: variants.find(({ title }) => title === "Moss")!.id,
    categoryId: await first("/store/product-categories?handle=camp-kitchen", "product_categories"),
    collectionId: await first("/store/collections?handle[]=slow-mornings", "collections"),
    returnReasonId: ((await read("/store/return-reasons"))["return_reasons"] as Rows).find(
      ({ value }) => value === "changed_mind",
    )!.id,
    customerId: customer.id,
    addressIds: ["Amsterdam", "Edinburgh"].map(
      (city) => addresses.find((one) => one["city"] === city)!.id,
    ),
    shippingOptionId: options.find(({ name }) => name === "Standard delivery")!.id,
    returnOptionId: options.find(({ name }) => name === "Return by post")!.id,
    displayId: order["display_id"] as number,
  };
}
