import { LRUCache } from "lru-cache";
import { asShown } from "./audience.ts";
import type { Tree } from "./entity.ts";
import type { Needs } from "./needs.ts";
import { buildShape, type Shape } from "./shape.ts";
import type { Selection } from "./view.ts";

/** All shapes that are kept together have at most this many nodes, some two kilobytes each. */
const MAX_NODES = 4000;

/** The same selections recur; their shapes are kept, so that each is compiled once. */
const shapes = new LRUCache<string, Shape<unknown>>({
  max: 500,
  maxSize: MAX_NODES,
  sizeCalculation: nodesOf,
});

function nodesOf(shape: Shape<unknown>): number {
  return [...shape.relations.values()].reduce((sum, child) => sum + nodesOf(child), 1);
}

const nothing: Needs<never> = {
  number: 0,
  always: new Map(),
  whereShown: new Map(),
  required: [],
  preferences: new Map(),
};

/**
 * Returns the shape that shows a client's selection. `needs` is what the code reads of the tree
 * beside it; that alone is typed. `also` names needs that are loaded though they are not shown.
 */
export function shapeFor<T = Tree>(
  selection: Selection,
  needs: Needs<T> = nothing,
  also: readonly (keyof T & string)[] = [],
): Shape<T> {
  const key = keyOf(selection, needs, also);
  const known = shapes.get(key) as Shape<T> | undefined;
  if (known) return known;
  const needed = neededColumns(selection, needs, also);
  const built = buildShape<T>(selection.entity, {
    columns: selection.columns,
    paths: selection.relations,
    narrowed: selection.narrowed,
    needed: [...needed.keys()].filter((path) => path !== ""),
    neededColumns: needed,
    required: needs.required,
    preferences: needs.preferences,
  });
  const shape = asShown({ ...built, answers: { request: selection.request } });
  shapes.set(key, shape);
  return shape;
}

function neededColumns(
  { relations }: Selection,
  { always, whereShown }: Needs<unknown>,
  also: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const heads = new Set([...relations, ...also].map(headOf));
  return new Map([...always, ...[...whereShown].filter(([path]) => heads.has(headOf(path)))]);
}

function headOf(path: string): string {
  return path.split(".", 1)[0] ?? path;
}

function keyOf(selection: Selection, needs: Needs<unknown>, also: readonly string[]): string {
  return JSON.stringify([
    selection.entity.name,
    selection.columns,
    [...selection.relations],
    [...selection.narrowed],
    needs.number,
    also,
    selection.request,
  ]);
}
