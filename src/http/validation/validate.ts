import type { ZodError, ZodType, z } from "zod";
import { InvalidDataError } from "../../core/errors.ts";

/**
 * What was sent, read by its schema.
 * @throws InvalidData every fault in one message joined by ", ", as Medusa's validator words them
 */
export function validate<S extends ZodType>(schema: S, sent: unknown): z.output<S> {
  const result = schema.safeParse(sent);
  if (result.success) return result.data;
  throw new InvalidDataError(messagesOf(result.error).join(", "));
}

/**
 * The faults in Medusa's words and order: of each object first the properties that should not be
 * there, then the declared ones in their declared order. `$property` in a message stands for the
 * last part of the faulty path. A fault that stands alone hides all others, a minor one is hidden
 * by any other.
 */
export function messagesOf({ issues }: ZodError): string[] {
  const alone = issues.find((issue) => hasMark(issue, "alone"));
  if (alone) return words(alone);
  const counted = issues.length > 1 ? issues.filter((issue) => !hasMark(issue, "minor")) : issues;
  const ordered: z.core.$ZodIssue[] = [];
  for (const issue of counted) {
    const goesFirst = (other: z.core.$ZodIssue) =>
      issue.path.every((part, depth) => other.path[depth] === part);
    const first = issue.code === "unrecognized_keys" ? ordered.findIndex(goesFirst) : -1;
    ordered.splice(first < 0 ? ordered.length : first, 0, issue);
  }
  return ordered.flatMap(words);
}

function hasMark(issue: z.core.$ZodIssue, mark: "alone" | "minor"): boolean {
  return issue.code === "custom" && issue.params?.[mark] === true;
}

function words(issue: z.core.$ZodIssue): string[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => `property ${key} should not exist`);
  return [issue.message.replaceAll("$property", String(issue.path.at(-1) ?? "body"))];
}
