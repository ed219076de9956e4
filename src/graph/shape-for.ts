import { LRUCache } from "lru-cache";
import { type Shape, shapeOf } from "./shape.ts";
import type { Selection } from "./view.ts";

/** What an answer needs beside what it shows. */
export interface Needs {
  /** Relation paths. */
  readonly relations?: readonly string[];
  /** Columns by relation path; the root's path is "". */
  readonly columns?: ReadonlyMap<string, readonly string[]>;
}

/**
 * The same selections come again and again; their shapes are kept, so that each is compiled once.
 */
const shapes = new LRUCache<string, Shape>({ max: 500 });

/** The tree to load for a selection and for what else the answer needs. */
export function shapeFor(selection: Selection, needs: Needs = {}): Shape {
  const key = keyOf(selection, needs);
  const known = shapes.get(key);
  if (known) return known;
  const shape = shapeOf(selection.entity, {
    columns: selection.columns,
    paths: selection.relations,
    narrowed: selection.narrowed,
    needed: needs.relations ?? [],
    ...(needs.columns ? { neededColumns: needs.columns } : {}),
  });
  shapes.set(key, shape);
  return shape;
}

function keyOf(selection: Selection, needs: Needs): string {
  return JSON.stringify([
    selection.entity.name,
    selection.columns,
    [...selection.relations],
    [...selection.narrowed],
    needs.relations ?? [],
    [...(needs.columns ?? [])],
  ]);
}
