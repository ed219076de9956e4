/** One instruction of a Dockerfile: its name in capitals, and the rest of its line. */
export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** The instructions from one FROM to the next. */
export interface Stage {
  /** As other stages refer to it. Undefined for a last stage without a name. */
  readonly name: string | undefined;
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/** Reads the stages of a Dockerfile: comments are left out, continued lines are joined. */
export function readDockerfile(text: string): Stage[] {
  const lines = text
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("#"))
    .join("\n")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line.trim());
  const stages: (Stage & { readonly instructions: Instruction[] })[] = [];
  for (const line of lines) {
    const [, name = "", rest = ""] = /^\s*(\w+)\s+(.*)$/.exec(line) ?? [];
    const instruction = { name: name.toUpperCase(), rest: rest.trim() };
    if (instruction.name === "FROM") {
      const [base = "", , as] = instruction.rest.split(/\s+/);
      stages.push({ name: as, base, instructions: [] });
    } else {
      const stage = stages.at(-1);
      if (!stage) throw new Error(`${line} stands before the first FROM`);
      stage.instructions.push(instruction);
    }
  }
  return stages;
}
