import { type ZodType, z } from "zod";

export type JsonSchema = Record<string, unknown>;

/** Collects the schemas that have an id (`.meta({ id: "Region" })`) and points to them by name. */
export interface SchemaBook {
  /** The JSON Schema of what a client sends (`input`) or gets (`output`), named parts as `$ref`. */
  read(schema: ZodType, io: "input" | "output"): JsonSchema;
  /** `components.schemas` of the document. */
  readonly components: Record<string, JsonSchema>;
}

/**
 * An empty book.
 * @throws Error (from `read`) two different schemas have one id
 */
export function openSchemaBook(): SchemaBook {
  const components: Record<string, JsonSchema> = {};
  const read = (schema: ZodType, io: "input" | "output"): JsonSchema => {
    // Wrapped, so that a schema with an id becomes a `$ref` at the top too.
    const wrapped = z.toJSONSchema(z.object({ value: schema }), {
      io,
      unrepresentable: "any",
      override: copyExampleAndDefault,
    });
    for (const [name, part] of Object.entries(wrapped.$defs ?? {}))
      addComponent(components, name, pointed(part) as JsonSchema);
    return pointed(wrapped.properties?.["value"] ?? {}) as JsonSchema;
  };
  return { read, components };
}

/**
 * Of a schema that transforms what is sent, zod leaves out the example and the default, which ours
 * write for the sender.
 */
const copyExampleAndDefault: NonNullable<z.core.ToJSONSchemaParams["override"]> = ({
  zodSchema,
  jsonSchema,
}) => {
  const { examples, default: preset } = z.globalRegistry.get(zodSchema) ?? {};
  if (examples !== undefined) jsonSchema.examples = examples as unknown[];
  if (preset !== undefined) jsonSchema.default = preset as typeof jsonSchema.default;
};

function addComponent(
  components: Record<string, JsonSchema>,
  name: string,
  schema: JsonSchema,
): void {
  const { id: _, ...component } = schema;
  const known = components[name];
  if (known && JSON.stringify(known) !== JSON.stringify(component))
    throw new Error(`Two different schemas are called ${name}`);
  components[name] = component;
}

function pointed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(pointed);
  if (typeof part !== "object" || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => {
      if (key === "$ref" && typeof value === "string")
        return [key, value.replace("#/$defs/", "#/components/schemas/")];
      return [key, pointed(value)];
    }),
  );
}
