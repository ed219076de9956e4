import { asRequested } from "../../src/domains/carts/cart-view.ts";
import { cart } from "../../src/graph/entities/cart-entities.ts";
import type { Entity } from "../../src/graph/entity.ts";
import { entityNamed } from "../../src/graph/schema.ts";

/** Returns whether a visitor may expand a relation of a cart. */
function isAllowed(path: string): boolean {
  try {
    asRequested({ expand: path }, "anyone");
    return true;
  } catch {
    return false;
  }
}

/** Returns every relation path that a visitor may expand on a cart, to the deepest level. */
export function cartPaths(entity: Entity = cart, above = ""): string[] {
  return Object.entries(entity.relations).flatMap(([name, relation]) => {
    const path = `${above}${name}`;
    if (!isAllowed(path)) return [];
    return [path, ...cartPaths(entityNamed(relation.entity), `${path}.`)];
  });
}

/** Returns a random part of a list, in a random order that the seed decides. */
export function someOf<T>(list: readonly T[], count: number, seed: number): T[] {
  let state = seed * 2_654_435_761 + 1;
  const next = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
  const rest = [...list];
  return Array.from({ length: Math.min(count, rest.length) }, () => {
    const [taken] = rest.splice(Math.floor(next() * rest.length), 1);
    return taken as T;
  });
}
