import type { ZodType, z } from "zod";
import { InvalidData } from "../errors.ts";

/** Marks, in a fault's `params`, one that Medusa reports alone, whatever else is wrong. */
export const ALONE = "alone";

/**
 * What was sent, read by its schema.
 * @throws InvalidData every fault in one message joined by ", ": unknown properties first, then the declared ones in their declared order,
 * as Medusa's validator words them. `$property` in a message stands for the last part of the faulty path.
 */
export function validate<S extends ZodType>(schema: S, sent: unknown): z.output<S> {
  const result = schema.safeParse(sent);
  if (result.success) return result.data;
  const faults = result.error.issues.flatMap(words);
  const alone = faults.find((fault) => fault.alone);
  throw new InvalidData(
    alone?.text ??
      [...faults.filter((fault) => fault.unknown), ...faults.filter((fault) => !fault.unknown)]
        .map((fault) => fault.text)
        .join(", "),
  );
}

interface Fault {
  readonly unknown: boolean;
  readonly alone: boolean;
  readonly text: string;
}

function words(issue: z.core.$ZodIssue): Fault[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      unknown: issue.path.length === 0,
      alone: false,
      text: `property ${key} should not exist`,
    }));
  const alone = issue.code === "custom" && issue.params?.[ALONE] === true;
  return [{ unknown: false, alone, text: issue.message.replaceAll("$property", String(issue.path.at(-1) ?? "body")) }];
}
