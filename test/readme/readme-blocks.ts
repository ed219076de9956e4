import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../src/runtime/project-root.ts";

/** A block of commands or code in the README. */
export interface ReadmeBlock {
  /** The heading above it. */
  readonly heading: string;
  /** `sh`, `js` or `jsx`. */
  readonly language: string;
  readonly text: string;
}

/** Returns all code blocks of the README in their order. */
export function readmeBlocks(): ReadmeBlock[] {
  const readme = readFileSync(join(projectRoot(), "README.md"), "utf8");
  const pattern = /^#+ (?<heading>.+)$|^```(?<language>\w+)\n(?<text>[\s\S]*?)^```$/gm;
  const blocks: ReadmeBlock[] = [];
  let above = "";
  for (const { groups } of readme.matchAll(pattern)) {
    const { heading, language, text } = groups as Record<string, string | undefined>;
    if (heading) above = heading;
    else blocks.push({ heading: above, language: language!, text: text! });
  }
  return blocks;
}

/**
 * Returns the texts of the code blocks below a heading of the README.
 * @throws {Error} if there are not as many as a test expects
 */
export function blocksBelow(heading: string, count: number): string[] {
  const found = readmeBlocks().filter((block) => block.heading === heading);
  if (found.length !== count)
    throw new Error(`The README has ${found.length} blocks below "${heading}", not ${count}`);
  return found.map(({ text }) => text);
}
