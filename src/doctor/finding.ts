import { counted } from "../core/counted.ts";

/** What an examination has found, and what to do about it. */
export interface Finding {
  /**
   * `problem`: something does not work, or will be refused. `warning`: a part may not work. `note`:
   * worth knowing.
   */
  readonly level: "problem" | "warning" | "note";
  readonly subject: string;
  readonly message: string;
  /** What to do; undefined if nothing is needed. */
  readonly action?: string;
}

const WIDTH = 8;

/** Returns the findings as lines for people, the gravest first. */
export function toText(findings: readonly Finding[]): string {
  const levels = ["problem", "warning", "note"] as const;
  const lines = levels.flatMap((level) =>
    findings
      .filter((finding) => finding.level === level)
      .flatMap(({ subject, message, action }) => [
        `${level.padEnd(WIDTH)} ${subject}: ${message}`,
        ...(action ? [`${" ".repeat(WIDTH)} What to do: ${action}`] : []),
      ]),
  );
  const count = (level: Finding["level"]) => findings.filter((one) => one.level === level).length;
  const sum = `${counted(count("problem"), "problem")}, ${counted(count("warning"), "warning")}`;
  return [...lines, sum].join("\n");
}

/** Whether any of the findings is a problem. */
export const hasProblems = (findings: readonly Finding[]): boolean =>
  findings.some(({ level }) => level === "problem");

/** The words by which the advice in a sentence begins. */
const ADVICE = /^(choose|go|give|name|remove|restore|run|set|start|update|use|write)\b/i;

/** Splits a text into what is wrong and what to do, which stands at its end, after `. ` or `: `. */
export function splitAdvice(text: string): { message: string; action?: string } {
  const end = Math.max(text.lastIndexOf(". "), text.lastIndexOf(": "));
  const action = text.slice(end + 2);
  return end > 0 && ADVICE.test(action)
    ? { message: text.slice(0, end), action }
    : { message: text };
}
