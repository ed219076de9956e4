import { z } from "zod";
import type { ZodOpenApiOverride } from "zod-openapi";
import type { Route } from "../routing/route.ts";
import { readApiExamples } from "./api-examples.ts";
import { readGuides } from "./guides.ts";
import { documentedPath, operationOf } from "./operation.ts";
import { groups } from "./reference.ts";

/** What the document says about the server rather than about an endpoint. */
export interface ServerInfo {
  readonly version: string;
  readonly publicUrl: string;
  readonly sessionCookie: string;
}

/**
 * Returns the OpenAPI 3.1 document of these endpoints, read from their declarations, with examples
 * that a demo shop answered.
 * @throws Error if two different schemas have the same id
 */
export async function openApiDocument(routes: readonly Route[], serverInfo: ServerInfo) {
  // Loaded only now: most processes are never asked for the document.
  const { createDocument } = await import("zod-openapi");
  const paths = pathsOf(routes);
  return createDocument(
    {
      openapi: "3.1.0",
      info: {
        title: "Nettle Store API",
        version: serverInfo.version,
        license: { name: "MIT", identifier: "MIT" },
        description: readGuides(serverInfo.publicUrl),
      },
      servers: [
        { url: "/", description: "The server that this document comes from" },
        { url: serverInfo.publicUrl, description: "Its public address" },
      ],
      tags: tagsOf(paths),
      paths,
      components: { securitySchemes: securitySchemes(serverInfo) },
    },
    { override: describeInput, allowEmptySchema: { transform: true, unknown: true } },
  );
}

/**
 * Zod leaves out the examples and the default of a schema that transforms its input; ours describe
 * the input. It adds bounds and patterns that say no more than `integer` and `date-time` do, and
 * from which pages and generators make up strange examples.
 */
const describeInput: ZodOpenApiOverride = ({ zodSchema, jsonSchema }) => {
  const { examples, default: preset } = z.globalRegistry.get(zodSchema) ?? {};
  if (examples !== undefined) jsonSchema.examples = examples as unknown[];
  if (preset !== undefined) jsonSchema.default = preset as typeof jsonSchema.default;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
};

type Paths = Record<string, Record<string, ReturnType<typeof operationOf>>>;

function pathsOf(routes: readonly Route[]): Paths {
  const examples = readApiExamples();
  const paths: Paths = {};
  for (const route of routes) {
    const path = documentedPath(route);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, examples) };
  }
  return paths;
}

/** Returns the groups that have operations, in the order of the reference; others come last. */
function tagsOf(paths: Paths) {
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  const used = new Set(operations.flatMap(({ tags }) => tags));
  const known = groups.filter(({ name }) => used.has(name));
  const others = [...used].filter((name) => !groups.some((group) => group.name === name));
  return [
    ...known.map(({ name, description }) => ({ name, description })),
    ...others.toSorted().map((name) => ({ name })),
  ];
}

function securitySchemes({ sessionCookie }: ServerInfo) {
  return {
    cookie: {
      type: "apiKey" as const,
      in: "cookie",
      name: sessionCookie,
      description:
        "The session that POST /store/auth starts. Browsers keep and send the cookie themselves.",
    },
    bearer: {
      type: "http" as const,
      scheme: "bearer",
      bearerFormat: "JWT",
      description:
        "The `access_token` that POST /store/auth/token answers. Or log in by POST /store/auth " +
        "on this page: the browser then sends the cookie by itself.",
    },
  };
}
