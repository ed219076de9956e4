import { z } from "zod";
import { nearestWord } from "../core/nearest-word.ts";

/** Returns the schema of an object whose unknown keys are refused with the nearest right one. */
export function strictObject<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === "invalid_type") return `expected ${listed(Object.keys(shape))}`;
      if (issue.code !== "unrecognized_keys") return undefined;
      return issue.keys.map((key) => unknownKey(key, Object.keys(shape))).join("; ");
    },
  });
}

function unknownKey(key: string, known: readonly string[]): string {
  const nearest = nearestWord(key, known);
  const hint = nearest ? `did you mean "${nearest}"?` : `the keys here are ${listed(known)}`;
  return `there is no "${key}" here: ${hint}`;
}

const listed = (words: readonly string[]): string => words.join(", ");
