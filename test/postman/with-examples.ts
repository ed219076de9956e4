import { variables } from "./variables.ts";

type Json = Record<string, unknown>;

/**
 * Adds an example to each body and parameter, where the converter reads it. Ids that the working
 * folders store are the collection's variables.
 */
export function withExamples(document: Json): Json {
  const schemas = (document["components"] as { schemas: Record<string, Json> }).schemas;
  const paths = Object.entries(document["paths"] as Record<string, Record<string, Json>>).map(
    ([path, methods]) => [
      path,
      Object.fromEntries(
        Object.entries(methods).map(([method, operation]) => [
          method,
          withOwnExamples(operation, schemas),
        ]),
      ),
    ],
  );
  return { ...document, paths: Object.fromEntries(paths) };
}

function withOwnExamples(operation: Json, schemas: Readonly<Record<string, Json>>): Json {
  const parameters = (operation["parameters"] as Json[]).map((parameter) => ({
    ...parameter,
    example: exampleOf(parameter["schema"] as Json, schemas),
  }));
  const { requestBody } = operation as {
    requestBody?: { content: Record<string, { schema: Json }> };
  };
  // Responses are left out: Postman shows the real ones.
  const rest = { ...operation, parameters, responses: { default: { description: "An answer" } } };
  if (!requestBody) return rest;
  const content = Object.entries(requestBody.content).map(([type, { schema }]) => [
    type,
    { schema, example: exampleOf(schema, schemas) },
  ]);
  return { ...rest, requestBody: { ...requestBody, content: Object.fromEntries(content) } };
}

const DEFAULTS_BY_TYPE: Readonly<Record<string, unknown>> = {
  string: "",
  integer: 1,
  number: 1,
  boolean: false,
};

/** Returns the schema's own example, or one made of its parts. */
function exampleOf(schema: Json, schemas: Readonly<Record<string, Json>>, name = ""): unknown {
  const own = (schema["examples"] as unknown[] | undefined)?.[0] ?? schema["default"];
  if (name.endsWith("_id") && name in variables) return `{{${name}}}`;
  if (own !== undefined) return own;
  if (typeof schema["$ref"] === "string")
    return exampleOf(schemas[schema["$ref"].split("/").at(-1)!]!, schemas, name);
  const [either] = (schema["anyOf"] ?? schema["oneOf"] ?? schema["allOf"] ?? []) as Json[];
  if (either) return exampleOf(either, schemas, name);
  if (schema["type"] === "array") return [exampleOf((schema["items"] ?? {}) as Json, schemas)];
  const properties = Object.entries((schema["properties"] ?? {}) as Record<string, Json>);
  if (properties.length > 0 || schema["type"] === "object")
    return Object.fromEntries(
      properties.map(([key, part]) => [key, exampleOf(part, schemas, key)]),
    );
  return DEFAULTS_BY_TYPE[[schema["type"]].flat()[0] as string] ?? {};
}
