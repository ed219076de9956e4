import type { ZodError, ZodType, z } from "zod";
import { InvalidDataError } from "../../core/errors.ts";

/**
 * Returns the input as its schema reads it.
 * @throws InvalidDataError with all errors in one message, joined by ", ", in the words of Medusa's
 * validator
 */
export function validate<S extends ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new InvalidDataError(messagesOf(result.error).join(", "));
}

/**
 * Returns the error messages in Medusa's words and order: for each object first its unknown
 * properties, then the declared ones in their order. `$property` in a message stands for the last
 * part of the path. An issue marked `alone` hides all others; one marked `minor` is hidden by any
 * other.
 */
export function messagesOf({ issues }: ZodError): string[] {
  const alone = issues.find((issue) => hasMark(issue, "alone"));
  if (alone) return messagesOfIssue(alone);
  const reported = issues.length > 1 ? issues.filter((issue) => !hasMark(issue, "minor")) : issues;
  const ordered: z.core.$ZodIssue[] = [];
  for (const issue of reported) {
    const goesFirst = (other: z.core.$ZodIssue) =>
      issue.path.every((part, depth) => other.path[depth] === part);
    const first = issue.code === "unrecognized_keys" ? ordered.findIndex(goesFirst) : -1;
    ordered.splice(first < 0 ? ordered.length : first, 0, issue);
  }
  return ordered.flatMap(messagesOfIssue);
}

function hasMark(issue: z.core.$ZodIssue, mark: "alone" | "minor"): boolean {
  return issue.code === "custom" && issue.params?.[mark] === true;
}

function messagesOfIssue(issue: z.core.$ZodIssue): string[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => `property ${key} should not exist`);
  return [issue.message.replaceAll("$property", String(issue.path.at(-1) ?? "body"))];
}
