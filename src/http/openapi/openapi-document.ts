import { STATUS_CODES } from "node:http";
import { type ZodType, z } from "zod";
import type { ZodOpenApiOverride } from "zod-openapi";
import type { Route } from "../routing/route.ts";
import { refusal } from "./refusal.ts";

/** What the document says about the server rather than about an endpoint. */
export interface ServerInfo {
  readonly version: string;
  readonly publicUrl: string;
  readonly sessionCookie: string;
}

/**
 * Returns the OpenAPI 3.1 document of these endpoints, read from their declarations.
 * @throws Error if two different schemas have the same id
 */
export async function openApiDocument(routes: readonly Route[], serverInfo: ServerInfo) {
  // Loaded only now: most processes are never asked for the document.
  const { createDocument } = await import("zod-openapi");
  return createDocument(
    {
      openapi: "3.1.0",
      info: {
        title: "Nettle",
        version: serverInfo.version,
        license: { name: "MIT", identifier: "MIT" },
        description: "The Store API of Medusa 1.20, as this server implements it.",
      },
      servers: [
        { url: "/", description: "The server that this document comes from" },
        { url: serverInfo.publicUrl, description: "Its public address" },
      ],
      tags: [...new Set(routes.map(tagOf))].toSorted().map((name) => ({ name })),
      paths: pathsOf(routes),
      components: { securitySchemes: securitySchemes(serverInfo) },
    },
    { override: copyExampleAndDefault, allowEmptySchema: { transform: true, unknown: true } },
  );
}

/**
 * Zod leaves out the examples and the default of a schema that transforms its input; ours describe
 * the input.
 */
const copyExampleAndDefault: ZodOpenApiOverride = ({ zodSchema, jsonSchema }) => {
  const { examples, default: preset } = z.globalRegistry.get(zodSchema) ?? {};
  if (examples !== undefined) jsonSchema.examples = examples as unknown[];
  if (preset !== undefined) jsonSchema.default = preset as typeof jsonSchema.default;
};

function pathsOf(routes: readonly Route[]) {
  const paths: Record<string, Record<string, ReturnType<typeof operation>>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return paths;
}

function securitySchemes({ sessionCookie }: ServerInfo) {
  return {
    cookie: {
      type: "apiKey" as const,
      in: "cookie",
      name: sessionCookie,
      description: "The session that a login starts",
    },
    bearer: {
      type: "http" as const,
      scheme: "bearer",
      bearerFormat: "JWT",
      description: "A token of POST /store/auth/token",
    },
  };
}

function operation(route: Route) {
  return {
    operationId: operationId(route),
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    tags: [tagOf(route)],
    ...(route.access === "customer" ? { security: [{ cookie: [] }, { bearer: [] }] } : {}),
    parameters: [
      ...pathParameters(route),
      ...queryParameters(route),
      ...(route.publishableKey ? [PUBLISHABLE_KEY] : []),
      ...(route.idempotent ? [IDEMPOTENCY_KEY] : []),
    ],
    ...(route.body ? { requestBody: requestBody(route.body) } : {}),
    ...(route.access === "server" ? { requestBody: RAW_BODY } : {}),
    responses: responses(route),
  };
}

/** `GET /store/products/:id` → `getProductsById`. */
function operationId({ method, path }: Route): string {
  const words = path
    .split(/[/-]/)
    .filter((part) => part !== "" && part !== "store")
    .flatMap((part) => (part.startsWith(":") ? ["by", ...part.slice(1).split("_")] : [part]));
  return [
    method.toLowerCase(),
    ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)),
  ].join("");
}

/** Returns the first noun of the path as a title: `Product categories`. */
function tagOf({ path }: Route): string {
  const [first = "server", second] = path.split("/").filter(Boolean);
  const noun = (first === "store" ? (second ?? first) : first).replaceAll("-", " ");
  return noun.charAt(0).toUpperCase() + noun.slice(1);
}

function pathParameters({ path, params }: Route) {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => {
    const { description, example } = params[name] ?? {};
    return {
      name,
      in: "path" as const,
      required: true,
      ...(description === undefined ? {} : { description }),
      schema: {
        type: "string" as const,
        ...(example === undefined ? {} : { examples: [example] }),
      },
    };
  });
}

const PUBLISHABLE_KEY = {
  name: "x-publishable-api-key",
  in: "header" as const,
  required: false,
  description: "A publishable key limits the catalogue to its sales channels.",
  schema: { type: "string" as const, examples: ["pk_01HZX3W8V0C6C4Y0GBKPF2XH7C"] },
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
function queryParameters({ query }: Route) {
  return Object.entries(query?.shape ?? {}).map(([name, field]) => {
    const { description, ...schema } = (field as ZodType).meta() ?? {};
    return {
      // A list of one value would be read as a text, so lists use brackets: `id[]=a&id[]=b`.
      name: schema["type"] === "array" ? `${name}[]` : name,
      in: "query" as const,
      required: !(field as ZodType).isOptional(),
      ...(description ? { description } : {}),
      // Pages that try requests out fill an object with invented values unless it has an example.
      ...(schema["type"] === "object"
        ? { style: "deepObject" as const, example: {} }
        : { style: "form" as const }),
      explode: true,
      schema,
    };
  });
}

function requestBody(schema: ZodType) {
  return {
    required: !schema.safeParse({}).success,
    content: { "application/json": { schema } },
  };
}

const unauthorized = z.literal("Unauthorized");

function responses(route: Route) {
  const declared = Object.entries(route.answers).map(([status, schema]) => [
    status,
    response(status, schema),
  ]);
  return {
    ...(route.query || route.body ? { 400: response("400", refusal) } : {}),
    ...(route.access === "customer" ? { 401: response("401", unauthorized) } : {}),
    ...Object.fromEntries(declared),
    default: {
      description: "The request was refused or failed",
      content: { "application/json": { schema: refusal } },
    },
  };
}

function response(status: string, schema: ZodType) {
  const isText = schema instanceof z.ZodString || schema instanceof z.ZodLiteral;
  const type = isText ? "text/plain" : "application/json";
  const shown = schema instanceof z.ZodUndefined ? {} : schema;
  return { description: STATUS_CODES[status] ?? status, content: { [type]: { schema: shown } } };
}
