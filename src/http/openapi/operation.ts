import type { ZodType } from "zod";
import { z } from "zod";
import type { Route } from "../routing/route.ts";
import { IGNORED } from "../validation/ignored-field.ts";
import type { ApiExamples, OperationExamples } from "./api-examples.ts";
import { groupOf, operationIds } from "./reference.ts";
import { refusal } from "./refusal.ts";
import { describeStatus } from "./statuses.ts";

/** Returns the path of a route as the API document writes it: `/store/carts/{id}`. */
export const documentedPath = ({ path }: Route): string => path.replaceAll(/:(\w+)/g, "{$1}");

const none: OperationExamples = { request: {}, refusals: [] };

/** Returns what the API document says about a route, with its examples. */
export function operationOf(route: Route, all: ApiExamples) {
  const name = `${route.method} ${documentedPath(route)}`;
  const examples = all[name] ?? none;
  return {
    operationId: operationIds[name] ?? derivedId(route),
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    tags: [groupOf(route.path)],
    ...(route.access === "customer" ? { security: [{ cookie: [] }, { bearer: [] }] } : {}),
    parameters: [
      ...pathParameters(route, examples),
      ...queryParameters(route, examples),
      ...(route.publishableKey ? [PUBLISHABLE_KEY] : []),
      ...(isKeyed(route) ? [IDEMPOTENCY_KEY] : []),
    ],
    ...(route.body ? { requestBody: requestBody(route.body, examples) } : {}),
    ...(route.access === "server" ? { requestBody: RAW_BODY } : {}),
    responses: responses(route, examples),
  };
}

/** Whether an Idempotency-Key has an effect. */
const isKeyed = ({ idempotent, changesNothing }: Route): boolean => idempotent && !changesNothing;

/** `GET /store/products/:id` → `getProductsById`. */
function derivedId({ method, path }: Route): string {
  const words = path
    .split(/[/-]/)
    .filter((part) => part !== "" && part !== "store")
    .flatMap((part) => (part.startsWith(":") ? ["by", ...part.slice(1).split("_")] : [part]));
  return [
    method.toLowerCase(),
    ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)),
  ].join("");
}

function pathParameters({ path, params }: Route, { request }: OperationExamples) {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => {
    const { description, example } = params[name] ?? {};
    const shown = request.params?.[name] ?? example;
    return {
      name,
      in: "path" as const,
      required: true,
      ...(description === undefined ? {} : { description }),
      ...(shown === undefined ? {} : { example: shown }),
      schema: {
        type: "string" as const,
        ...(shown === undefined ? {} : { examples: [shown] }),
      },
    };
  });
}

const PUBLISHABLE_KEY = {
  name: "x-publishable-api-key",
  in: "header" as const,
  required: false,
  description: "A publishable key limits the catalogue to its sales channels.",
  schema: { type: "string" as const, examples: ["pk_01HK153X01PM3568943ASRCFX1"] },
};

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header" as const,
  required: false,
  description:
    "A random string of the client's choice. A repeat of the request with the same key receives " +
    "the first answer and is not processed again; another request with that key is refused " +
    "with 422.",
  schema: {
    type: "string" as const,
    maxLength: 255,
    examples: ["0b6f4c1e-4d0c-4b7e-9f53-0f6d7c1f2a55"],
  },
};

const RAW_BODY = {
  description: "Any body. The provider's signature is checked over its exact bytes.",
  content: { "*/*": { schema: { type: "string" as const } } },
};

/** A query's fields carry their JSON Schema as metadata, since they parse what is only text. */
function queryParameters({ query }: Route, { request }: OperationExamples) {
  const fields = Object.entries(query?.shape ?? {}).map(
    ([name, field]) => [name, field as ZodType, (field as ZodType).meta() ?? {}] as const,
  );
  return fields
    .filter(([, , meta]) => meta[IGNORED] !== true)
    .map(([name, field, { description, ...schema }]) => ({
      // A list of one value would be read as a text, so lists use brackets: `id[]=a&id[]=b`.
      name: schema["type"] === "array" ? `${name}[]` : name,
      in: "query" as const,
      required: !field.isOptional(),
      ...(description ? { description } : {}),
      // Pages that try requests out fill an object with invented values unless it has an example.
      ...(schema["type"] === "object"
        ? { style: "deepObject" as const, example: {} }
        : { style: "form" as const }),
      ...(request.query?.[name] === undefined ? {} : { example: request.query[name] }),
      explode: true,
      schema,
    }));
}

function requestBody(schema: ZodType, { request }: OperationExamples) {
  return {
    required: !schema.safeParse({}).success,
    content: {
      "application/json": {
        schema,
        ...(request.body === undefined ? {} : { example: request.body }),
      },
    },
  };
}

const unauthorized = z.literal("Unauthorized");

function responses(route: Route, { answer, refusals }: OperationExamples) {
  const declared: Record<string, ZodType> = {
    ...(route.query || route.body ? { 400: refusal } : {}),
    ...(route.access === "customer" ? { 401: unauthorized } : {}),
    ...(isKeyed(route) ? { 422: refusal } : {}),
    ...route.answers,
    ...(route.attempts ? { 429: refusal } : {}),
  };
  return Object.fromEntries(
    Object.entries(declared).map(([status, schema]) => {
      const refused = refusals.filter((one) => String(one.status) === status);
      const example = answer && String(answer.status) === status ? answer.body : undefined;
      return [status, response(status, schema, example, refused)];
    }),
  );
}

function response(
  status: string,
  schema: ZodType,
  example: unknown,
  refused: OperationExamples["refusals"],
) {
  const description = describeStatus(Number(status));
  if (schema instanceof z.ZodUndefined) return { description };
  const isText =
    schema instanceof z.ZodString ||
    schema instanceof z.ZodLiteral ||
    (refused.length > 0 && refused.every(({ body }) => typeof body === "string"));
  const examples = Object.fromEntries(
    refused.map(({ title, body }) => [title, { summary: title, value: body }]),
  );
  return {
    description,
    content: {
      [isText ? "text/plain" : "application/json"]: {
        schema,
        ...(example === undefined || example === null ? {} : { example }),
        ...(refused.length > 0 ? { examples } : {}),
      },
    },
  };
}
