import { STATUS_CODES } from "node:http";
import type { ZodType } from "zod";
import type { Route } from "../routing/route.ts";
import { type JsonSchema, openSchemaBook, type SchemaBook } from "./json-schemas.ts";
import { refusal } from "./refusal.ts";

/** What the document says about the server rather than about an endpoint. */
export interface ServerInfo {
  readonly version: string;
  readonly publicUrl: string;
  readonly sessionCookie: string;
}

/** The OpenAPI 3.1 document of these endpoints, read off their declarations. */
export function openApiDocument(routes: readonly Route[], serverInfo: ServerInfo) {
  const book = openSchemaBook();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, book) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Nettle",
      version: serverInfo.version,
      license: { name: "MIT", identifier: "MIT" },
      description: "The Store API of Medusa 1.20, as this server speaks it.",
    },
    servers: [
      { url: "/", description: "The server that this document comes from" },
      { url: serverInfo.publicUrl, description: "Its public address" },
    ],
    tags: [...new Set(routes.map(tagOf))].toSorted().map((name) => ({ name })),
    paths,
    components: {
      schemas: book.components,
      securitySchemes: {
        cookie: {
          type: "apiKey",
          in: "cookie",
          name: serverInfo.sessionCookie,
          description: "The session that logging in begins",
        },
        bearer: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "A token of POST /store/auth/token",
        },
      },
    },
  };
}

function operation(route: Route, book: SchemaBook) {
  return {
    operationId: operationId(route),
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    tags: [tagOf(route)],
    ...(route.access === "customer" ? { security: [{ cookie: [] }, { bearer: [] }] } : {}),
    parameters: [
      ...pathParameters(route),
      ...queryParameters(route, book),
      ...(route.publishableKey ? [PUBLISHABLE_KEY] : []),
      ...(route.idempotent ? [IDEMPOTENCY_KEY] : []),
    ],
    ...(route.body ? { requestBody: requestBody(route.body, book) } : {}),
    ...(route.access === "server" ? { requestBody: RAW_BODY } : {}),
    responses: responses(route, book),
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

/** The first noun of the path, as a title: `Product categories`. */
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
      in: "path",
      required: true,
      ...(description === undefined ? {} : { description }),
      schema: { type: "string", ...(example === undefined ? {} : { examples: [example] }) },
    };
  });
}

const PUBLISHABLE_KEY = {
  name: "x-publishable-api-key",
  in: "header",
  required: false,
  description: "A publishable key narrows the catalogue to its sales channels.",
  schema: { type: "string", examples: ["pk_01HZX3W8V0C6C4Y0GBKPF2XH7C"] },
};

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description:
    "A random text of the caller's. The same request with the same key gives the first answer again instead of being done twice; another request with it is refused with 422.",
  schema: { type: "string", maxLength: 255, examples: ["0b6f4c1e-4d0c-4b7e-9f53-0f6d7c1f2a55"] },
};

const RAW_BODY = {
  description: "Whatever the other server sends; its signature is checked over the very bytes.",
  content: { "*/*": { schema: { type: "string" } } },
};

function queryParameters({ query }: Route, book: SchemaBook) {
  if (!query) return [];
  const { properties = {}, required = [] } = resolved(book.read(query, "input"), book);
  return Object.entries(properties as Record<string, JsonSchema>).map(([name, property]) => {
    const { description, ...schema } = property;
    return {
      // A plain list of one would read as a text, so lists are sent in brackets: `id[]=a&id[]=b`.
      name: schema["type"] === "array" ? `${name}[]` : name,
      in: "query",
      required: (required as string[]).includes(name),
      ...(description ? { description } : {}),
      // Pages that try requests out fill objects with made-up values unless they have an example.
      ...(schema["type"] === "object" ? { style: "deepObject", example: {} } : { style: "form" }),
      explode: true,
      schema,
    };
  });
}

/** A schema with an id is met as a `$ref`; parameters need what it stands for. */
function resolved(schema: JsonSchema, book: SchemaBook): JsonSchema {
  const name = String(schema["$ref"] ?? "").replace("#/components/schemas/", "");
  return book.components[name] ?? schema;
}

function requestBody(body: ZodType, book: SchemaBook) {
  const schema = book.read(body, "input");
  const { required = [] } = resolved(schema, book);
  return {
    required: (required as string[]).length > 0,
    content: { "application/json": { schema } },
  };
}

function responses(route: Route, book: SchemaBook) {
  const declared = Object.entries(route.answers).map(([status, schema]) => [
    status,
    response(status, book.read(schema, "output")),
  ]);
  const refused = book.read(refusal, "output");
  return {
    ...(route.query || route.body ? { 400: response("400", refused) } : {}),
    ...(route.access === "customer"
      ? { 401: response("401", { type: "string", const: "Unauthorized" }) }
      : {}),
    ...Object.fromEntries(declared),
    default: {
      description: "Refused, or failed",
      content: { "application/json": { schema: refused } },
    },
  };
}

function response(status: string, schema: JsonSchema) {
  const type = schema["type"] === "string" ? "text/plain" : "application/json";
  return { description: STATUS_CODES[status] ?? status, content: { [type]: { schema } } };
}
