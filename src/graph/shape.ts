import type { Entity } from "./entity.ts";
import { entityNamed } from "./schema.ts";

/** Which tree of rows: the columns of an entity and the relations below it, each a shape again. */
export interface Shape {
  readonly entity: Entity;
  readonly columns: readonly string[];
  readonly relations: ReadonlyMap<string, Shape>;
}

/**
 * The shape that holds the named columns of an entity and all columns along the named relation paths (`variants.prices` holds
 * `variants`, too). `narrowed` gives other columns to some paths.
 * @throws RangeError for a relation or a column that the entity does not have.
 */
export function shapeOf(
  entity: Entity,
  columns: readonly string[],
  paths: Iterable<string>,
  narrowed: ReadonlyMap<string, readonly string[]> = new Map(),
): Shape {
  const below = new Map<string, string[]>();
  for (const path of paths) {
    const [head = "", ...rest] = path.split(".");
    const tails = below.get(head) ?? [];
    if (rest.length > 0) tails.push(rest.join("."));
    below.set(head, tails);
  }
  const relations = new Map<string, Shape>();
  for (const name of [...below.keys()].sort()) {
    const relation = entity.relations[name];
    if (!relation) throw new RangeError(`${entity.name} has no relation ${name}`);
    const child = entityNamed(relation.entity);
    relations.set(
      name,
      shapeOf(child, narrowed.get(name) ?? Object.keys(child.columns), below.get(name) ?? [], beneath(name, narrowed)),
    );
  }
  for (const column of columns) if (!(column in entity.columns)) throw new RangeError(`${entity.name} has no column ${column}`);
  return { entity, columns, relations };
}

function beneath(name: string, narrowed: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, readonly string[]> {
  const prefix = `${name}.`;
  return new Map(
    [...narrowed].filter(([path]) => path.startsWith(prefix)).map(([path, columns]) => [path.slice(prefix.length), columns]),
  );
}

/** One text for all shapes that are the same tree. */
export function shapeKey(shape: Shape): string {
  const relations = [...shape.relations].map(([name, child]) => `${name}${shapeKey(child)}`);
  return `{${shape.entity.name}:${shape.columns.join(",")}${relations.length > 0 ? `;${relations.join(";")}` : ""}}`;
}
