import type { Entity } from "../../src/graph/entity.ts";
import { entityNamed } from "../../src/graph/schema.ts";
import type { Answer } from "../support/open-shop.ts";

/** The deepest level that is tried: one more than the server allows. */
const MAX_DEPTH = 6;
/** The number of paths named by one request. */
const BATCH = 25;

interface Step {
  readonly path: string;
  readonly entity: Entity;
}

/**
 * Walks every relation path from an entity, level by level, as far as the server follows it: each
 * relation of the graph is tried below each path that was accepted. Hands every answer over, the
 * refusals too, and returns the accepted paths.
 */
export async function walkPaths(
  root: Entity,
  request: (expand: string) => Promise<Answer>,
  look: (expand: string, answer: Answer) => void,
): Promise<string[]> {
  const accepted: string[] = [];
  let level: Step[] = [{ path: "", entity: root }];
  for (let depth = 1; depth <= MAX_DEPTH && level.length > 0; depth++) {
    const candidates = level.flatMap(stepsBelow);
    level = [];
    for (let start = 0; start < candidates.length; start += BATCH)
      level.push(...(await tryPaths(candidates.slice(start, start + BATCH), request, look)));
    accepted.push(...level.map(({ path }) => path));
  }
  return accepted;
}

function stepsBelow({ path, entity }: Step): Step[] {
  return Object.entries(entity.relations).map(([name, relation]) => ({
    path: path === "" ? name : `${path}.${name}`,
    entity: entityNamed(relation.entity),
  }));
}

/** Requests paths together, then again those that the refusal does not name. */
async function tryPaths(
  steps: Step[],
  request: (expand: string) => Promise<Answer>,
  look: (expand: string, answer: Answer) => void,
): Promise<Step[]> {
  if (steps.length === 0) return [];
  const expand = steps.map(({ path }) => path).join(",");
  const answer = await request(expand);
  look(expand, answer);
  if (answer.status === 200) return steps;
  const named = /fields \[([^\]]*)\]/.exec(answer.body?.message ?? "")?.[1];
  if (answer.status !== 400 || named === undefined)
    throw new Error(`expand=${expand}: ${answer.status} ${answer.text}`);
  const refused = new Set(named.split(", "));
  const others = steps.filter(({ path }) => !refused.has(path));
  if (others.length === steps.length) throw new Error(`expand=${expand}: ${answer.text}`);
  return tryPaths(others, request, look);
}
