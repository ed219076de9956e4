import type { Knex } from "knex";
import { InvalidDataError } from "../core/errors.ts";

/** How much one answer may consist of. */
export interface AnswerBounds {
  /** How deep the relations that a client names may be. */
  readonly depth: number;
  /** How many relations a client may name, those on the way to them included. */
  readonly relations: number;
  /** How many rows are loaded for it. */
  readonly rows: number;
  /** Its size as JSON, in bytes. */
  readonly bytes: number;
}

/** What a client names by `fields` and `expand`. */
export interface ClientRequest {
  readonly depth: number;
  /** The number of relations, those on the way to them included. */
  readonly relations: number;
}

const usual: AnswerBounds = { depth: 5, relations: 40, rows: 25_000, bytes: 16 * 1024 * 1024 };
const byPool = new WeakMap<object, AnswerBounds>();

/** Bounds the answers that are loaded through this pool. */
export function boundAnswers(knex: Knex, bounds: AnswerBounds): void {
  byPool.set(knex.client.config, bounds);
}

/** Returns the bounds of answers that are loaded through a connection. */
export function answerBoundsOf(connection: Knex): AnswerBounds {
  return byPool.get(connection.client.config) ?? usual;
}

/** Returns what a request names: relation paths, each with those on the way to it. */
export function clientRequest(paths: Iterable<string>): ClientRequest {
  const named = new Set<string>();
  let depth = 0;
  for (const path of paths) {
    const parts = path.split(".");
    depth = Math.max(depth, parts.length);
    for (let length = 1; length <= parts.length; length++)
      named.add(parts.slice(0, length).join("."));
  }
  return { depth, relations: named.size };
}

/**
 * Refuses a request that names relations too deep, or too many.
 * @throws InvalidDataError
 */
export function mustBeWithinBudget(
  { depth, relations }: ClientRequest,
  bounds: AnswerBounds,
): void {
  if (depth > bounds.depth)
    throw new InvalidDataError(
      `fields and expand may name relations that are at most ${bounds.depth} deep`,
    );
  if (relations > bounds.relations)
    throw new InvalidDataError(
      `fields and expand name ${relations} relations: at most ${bounds.relations} may be named`,
    );
}

/** Returns the refusal of an answer of too many rows. */
export function tooManyRows({ rows }: AnswerBounds): InvalidDataError {
  return new InvalidDataError(
    `The answer would consist of more than ${rows} rows: ` +
      `expand fewer relations, or request fewer rows`,
  );
}

/** Returns the refusal of an answer that is too large. */
export function tooLarge({ bytes }: AnswerBounds): InvalidDataError {
  return new InvalidDataError(
    `The answer would be larger than ${bytes} bytes: expand fewer relations, or request fewer rows`,
  );
}
