import { type ZodType, z } from "zod";
import type { ColumnType, Entity, Relation } from "./entity.ts";
import { entityNamed } from "./schema.ts";

const made = new Map<string, ZodType>();

/**
 * Returns the schema of an entity's row in an answer: its columns, computed values and relations,
 * and nothing else. All are optional, because `fields` and `expand` choose among them. The API
 * document names the schema after the entity (`ProductVariant`).
 */
export function answerSchema(entity: Entity): ZodType {
  const known = made.get(entity.name);
  if (known) return known;
  const properties: Record<string, ZodType> = {};
  for (const [name, type] of [
    ...Object.entries(entity.columns),
    ...Object.entries(entity.computed),
  ])
    properties[name] = value(type).optional();
  for (const [name, relation] of Object.entries(entity.relations))
    properties[name] = z.lazy(() => related(relation)).optional();
  const schema = z.strictObject(properties).meta({ id: title(entity.name) });
  made.set(entity.name, schema);
  return schema;
}

function related(relation: Relation): ZodType {
  const row = answerSchema(entityNamed(relation.entity));
  return relation.kind === "one" || relation.kind === "only" ? row.nullable() : z.array(row);
}

function title(name: string): string {
  return name.replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase());
}

function value(type: ColumnType): ZodType {
  if (typeof type === "object")
    return type.nullable
      ? z.enum(type.words as [string]).nullable()
      : z.enum(type.words as [string]);
  return type.endsWith("?") ? plain(type.slice(0, -1)).nullable() : plain(type);
}

function plain(type: string): ZodType {
  switch (type) {
    case "integer":
      return z.int();
    case "number":
    case "decimal":
      return z.number();
    case "boolean":
      return z.boolean();
    case "time":
      return z.iso.datetime();
    case "json":
      return z.unknown();
    default:
      return z.string();
  }
}

/** Returns the schema of a list answer: a page of rows under their name, with its place. */
export function listAnswer(name: string, entity: Entity): ZodType {
  return z.strictObject({
    [name]: z.array(answerSchema(entity)),
    count: z.int(),
    offset: z.int(),
    limit: z.int(),
  });
}

/** Returns the schema of an answer with one row under its name. */
export function singleAnswer(name: string, entity: Entity): ZodType {
  return z.strictObject({ [name]: answerSchema(entity) });
}
